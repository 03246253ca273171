import type { DependencyDescriptor, ResolvedRPCOptions, ServiceDescriptor } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";

/** The file below the platform's dynamic configuration directory that says where the other chainlets are. */
export const DYNAMIC_CHAINLET_CONFIG = "dynamic_chainlet_config";

/** Where a chainlet answers; at least one of the two is there. */
export type ServiceUrls = Pick<ServiceDescriptor, "predictUrl" | "internalUrl">;

/** The addresses of the chainlets of a deployed chain, by display name. */
export type DynamicChainletConfig = ReadonlyMap<string, ServiceUrls>;

/**
 * Reads the text of `dynamic_chainlet_config`. A document that is not an object counts as empty, and unknown members of
 * an entry are ignored, as in the Python package.
 *
 * @throws ChainsError `DEPENDENCY_NOT_CONFIGURED` when there is no text, or it cannot be understood.
 */
export function parseDynamicChainletConfig(text: string | undefined): DynamicChainletConfig {
  if (text === undefined || text.trim() === "") {
    throw notConfigured(
      "The platform has not said where the dependencies are.",
      "Deploy the chain, or start it with `chains dev`.",
    );
  }
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw notConfigured(`${DYNAMIC_CHAINLET_CONFIG} is not valid JSON.`, "Look at what wrote it.", cause);
  }
  if (!isRecord(document)) return new Map();
  return new Map(Object.entries(document).map(([name, entry]) => [name, readEntry(name, entry)]));
}

/**
 * How a dependency is reached and called.
 *
 * @throws ChainsError `DEPENDENCY_NOT_CONFIGURED` listing the chainlets that there are.
 */
export function serviceDescriptor(
  { name, displayName }: Pick<DependencyDescriptor, "name" | "displayName">,
  options: ResolvedRPCOptions,
  config: DynamicChainletConfig,
): ServiceDescriptor {
  return { name, displayName, options, ...serviceUrls(displayName, config) };
}

/** @throws ChainsError `DEPENDENCY_NOT_CONFIGURED` listing the chainlets that there are. */
function serviceUrls(displayName: string, config: DynamicChainletConfig): ServiceUrls {
  const urls = config.get(displayName);
  if (urls) return urls;
  const known = [...config.keys()].join(", ") || "none";
  throw notConfigured(
    `Chainlet ${JSON.stringify(displayName)} is not in ${DYNAMIC_CHAINLET_CONFIG}; it has: ${known}.`,
    "Check that the chain was deployed with this dependency.",
  );
}

function readEntry(name: string, entry: unknown): ServiceUrls {
  const where = `The entry ${JSON.stringify(name)} of ${DYNAMIC_CHAINLET_CONFIG}`;
  if (!isRecord(entry)) throw notConfigured(`${where} is not an object.`);
  const { predict_url, internal_url } = entry;
  if (!isMissing(predict_url) && typeof predict_url !== "string")
    throw notConfigured(`${where}: predict_url is not a string.`);
  const internalUrl = isMissing(internal_url) ? undefined : readInternal(where, internal_url);
  if (isMissing(predict_url) && !internalUrl)
    throw notConfigured(`${where} has neither predict_url nor internal_url.`);
  return {
    ...(typeof predict_url === "string" && { predictUrl: predict_url }),
    ...(internalUrl && { internalUrl }),
  };
}

function readInternal(where: string, value: unknown): { url: string; hostname: string } {
  const { gateway_run_remote_url: url, hostname } = isRecord(value) ? value : {};
  if (typeof url === "string" && typeof hostname === "string") return { url, hostname };
  throw notConfigured(`${where}: internal_url needs the strings gateway_run_remote_url and hostname.`);
}

function isMissing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function notConfigured(message: string, fix?: string, cause?: unknown): ChainsError {
  return new ChainsError("DEPENDENCY_NOT_CONFIGURED", message, {
    ...(fix !== undefined && { fix }),
    ...(cause !== undefined && { cause }),
  });
}
