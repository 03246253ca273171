import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ChainsError } from "@truss-chains/errors";
import type { ServiceAddress } from "./deployment-context.ts";

/** An entry of the platform's `dynamic_chainlet_config`; it has at least one of the two. */
export interface ServiceEntry {
  readonly predict_url?: string;
  readonly internal_url?: { readonly gateway_run_remote_url: string; readonly hostname: string };
}

/** Finds the address of a dependency by its display name. */
export type AddressBook = (displayName: string) => ServiceAddress;

/**
 * The addresses in the mounted file `dynamic_chainlet_config`. It is read when the first address is wanted, so a
 * chainlet without dependencies needs none, and once only.
 */
export function mountedAddresses(dynamicConfigDir: string): AddressBook {
  const file = join(dynamicConfigDir, "dynamic_chainlet_config");
  let book: AddressBook | undefined;
  return (displayName) => {
    book ??= addressBook(readEntries(file), `The platform's ${file}`);
    return book(displayName);
  };
}

/**
 * The addresses of a parsed `dynamic_chainlet_config`.
 *
 * @param source where the entries come from, as the subject of a sentence
 */
export function addressBook(entries: Readonly<Record<string, unknown>>, source: string): AddressBook {
  return (displayName) => {
    const entry = Object.hasOwn(entries, displayName) ? entries[displayName] : undefined;
    if (entry === undefined) throw unknown(displayName, Object.keys(entries), source);
    const { predict_url, internal_url } = toEntry(displayName, entry, source);
    return {
      ...(predict_url !== undefined && { predictUrl: predict_url }),
      ...(internal_url && {
        internalUrl: { url: internal_url.gateway_run_remote_url, hostname: internal_url.hostname },
      }),
    };
  };
}

function readEntries(file: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new ChainsError(
      "DEPENDENCY_NOT_CONFIGURED",
      `The addresses of the dependencies cannot be read: ${(cause as Error).message}.`,
      {
        fix: "The platform mounts this file. Elsewhere, set CHAINS_DYNAMIC_CONFIG_DIR to the directory that has it.",
        location: { file },
        cause,
      },
    );
  }
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {};
  } catch (cause) {
    throw new ChainsError(
      "DEPENDENCY_NOT_CONFIGURED",
      `${file} is not valid JSON: ${(cause as Error).message}.`,
      {
        fix: "It is an object that maps display names to addresses.",
        location: { file },
        cause,
      },
    );
  }
}

function toEntry(displayName: string, value: unknown, source: string): ServiceEntry {
  const { predict_url, internal_url } = (
    typeof value === "object" && value !== null ? value : {}
  ) as ServiceEntry;
  const hasPublic = typeof predict_url === "string";
  const hasInternal =
    typeof internal_url?.gateway_run_remote_url === "string" && typeof internal_url.hostname === "string";
  if (!hasPublic && !hasInternal) {
    throw new ChainsError(
      "DEPENDENCY_NOT_CONFIGURED",
      `${source} has an entry for "${displayName}" without an address.`,
      {
        fix: "It needs a predict_url, or an internal_url with gateway_run_remote_url and hostname.",
      },
    );
  }
  return { ...(hasPublic && { predict_url }), ...(hasInternal && { internal_url }) };
}

function unknown(displayName: string, known: readonly string[], source: string): ChainsError {
  const has = known.length > 0 ? `has ${known.join(", ")}` : "is empty";
  return new ChainsError(
    "DEPENDENCY_NOT_CONFIGURED",
    `There is no address for "${displayName}": ${source} ${has}.`,
    {
      fix: "Deploy it with the chain; locally, give its address in `services`, or a stand-in in `overrides`.",
    },
  );
}
