import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseEnv } from "node:util";
import { ChainsError } from "@truss-chains/errors";

export interface SecretOptions {
  /** Relative to the current directory; else `.env`, if there is one. */
  readonly envFile?: string;
  /** The environment; `process.env` by default. It wins over the file. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * The values of the secrets that a chain names. Each is looked for as `TRUSS_SECRET_<name>`, then as `<name>`, in the
 * environment and then in the file. A secret without a value is left out.
 *
 * @throws ChainsError `ENV_FILE_INVALID` when the file cannot be read, or one that was named does not exist.
 */
export async function readSecrets(
  names: Iterable<string>,
  { envFile, env = process.env }: SecretOptions = {},
): Promise<Record<string, string>> {
  const file = await readEnvFile(envFile);
  const secrets: Record<string, string> = {};
  for (const name of names) {
    const keys = [`TRUSS_SECRET_${name}`, name];
    const value = first(keys, env) ?? first(keys, file);
    if (value !== undefined) secrets[name] = value;
  }
  return secrets;
}

/** The file that secrets are read from, if it is there. */
export function envFilePath(named?: string): string {
  return resolve(named ?? ".env");
}

async function readEnvFile(named: string | undefined): Promise<Readonly<Record<string, string | undefined>>> {
  const path = envFilePath(named);
  try {
    return parseEnv(await readFile(path, "utf8"));
  } catch (thrown) {
    if (named === undefined && (thrown as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw new ChainsError("ENV_FILE_INVALID", `${path} cannot be read: ${(thrown as Error).message}`, {
      fix: "Correct the file, or name another with --secrets.",
      location: { file: path },
      cause: thrown,
    });
  }
}

function first(
  keys: readonly string[],
  from: Readonly<Record<string, string | undefined>>,
): string | undefined {
  return keys.map((key) => from[key]).find((value) => value !== undefined && value !== "");
}
