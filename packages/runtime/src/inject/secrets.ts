import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { ChainsError } from "@truss-chains/errors";

/** Looks up the value of a secret; undefined when there is none. */
export type SecretLookup = (name: string) => string | undefined;

/** The value that the build writes in place of every secret. */
export const SECRET_PLACEHOLDER = "***";

/**
 * Secrets as the platform gives them: the file `<dir>/<name>`, raw and unstripped, else the environment variable
 * `TRUSS_SECRET_<name>`. Read at each look-up, so that a rotated secret is seen.
 *
 * @param seen receives every value that is looked up: what has to be blanked in logs and answers
 * @throws ChainsError `FILE_NOT_READABLE` when a secret's file exists but cannot be read.
 */
export function mountedSecrets(
  dir: string,
  env: Readonly<Record<string, string | undefined>>,
  seen: Set<string>,
): SecretLookup {
  return (name) => {
    const value = secretFile(dir, name) ?? env[`TRUSS_SECRET_${name}`];
    if (value) seen.add(value);
    return value;
  };
}

function secretFile(dir: string, name: string): string | undefined {
  if (/[/\0]|^\.{0,2}$/.test(name)) return undefined;
  const file = join(dir, name);
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new ChainsError("FILE_NOT_READABLE", `The secret \`${name}\` cannot be read (${code}).`, {
      fix: "Make the file readable for the user of this process.",
      location: { file },
    });
  }
}

// Asked for by `await`, JSON.stringify and printers of any object, not by a chainlet.
const PROBES = new Set(["then", "toJSON"]);

/**
 * The secrets of a chainlet, by name. The values are nowhere inside the object: printing, serialising, copying or
 * listing it finds nothing.
 *
 * @param declared the names that may be read
 */
export function secretsOf(
  chainlet: string,
  declared: readonly string[],
  lookup: SecretLookup,
): Readonly<Record<string, string>> {
  const names = new Set(declared);
  const hidden = {
    [inspect.custom]: () => `Secrets { ${declared.map((name) => `${name}: [hidden]`).join(", ")} }`,
  };
  Object.defineProperty(hidden, inspect.custom, { enumerable: false });
  return new Proxy<Record<string | symbol, unknown>>(hidden, {
    get(target, name) {
      if (typeof name === "symbol") return target[name];
      if (!names.has(name)) return PROBES.has(name) ? undefined : refuse(chainlet, name, declared);
      const value = lookup(name);
      if (value === undefined || value === "" || value === SECRET_PLACEHOLDER) throw missing(chainlet, name);
      return value;
    },
    has: (_, name) => typeof name === "string" && names.has(name),
    ownKeys: () => [],
    set: () => false,
    defineProperty: () => false,
    deleteProperty: () => false,
  }) as Readonly<Record<string, string>>;
}

function refuse(chainlet: string, name: string, declared: readonly string[]): never {
  const known = declared.length > 0 ? `It may read ${declared.join(", ")}.` : "It declares none.";
  throw new ChainsError(
    "SECRET_NOT_FOUND",
    `${chainlet} does not declare a secret named "${name}". ${known}`,
    {
      fix: `Add "${name}" to assets.secretKeys of its RemoteConfig.`,
      location: { className: chainlet },
    },
  );
}

function missing(chainlet: string, name: string): ChainsError {
  return new ChainsError("SECRET_NOT_FOUND", `The secret "${name}" of ${chainlet} has no value.`, {
    fix: `Store it in the workspace under this name; locally, pass it to runLocal, set ${name} in the environment or in .env.`,
    location: { className: chainlet },
  });
}
