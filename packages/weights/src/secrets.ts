import { readFile, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { ChainsError } from "@truss-chains/errors";

/** Where credentials come from: files of a mounted directory, and environment variables. */
export interface SecretSource {
  /** Holds one file per secret, named after it. */
  readonly dir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The token for the Hugging Face Hub; `undefined` means anonymous. */
export async function hubToken(name: string, source: SecretSource): Promise<string | undefined> {
  const token =
    (await secretFile(name, source.dir)) ??
    nonEmpty(source.env.HF_TOKEN) ??
    nonEmpty(source.env.HUGGING_FACE_HUB_TOKEN);
  if (token !== undefined && /[^\x21-\x7e]/.test(token)) {
    throw invalid(name, "holds characters that a token cannot have", "Store the bare token.");
  }
  return token;
}

/** The credentials of a bucket: a JSON object, from `TRUSS_SECRET_<name>` or the secret's file. */
export async function secretObject(
  name: string,
  source: SecretSource,
): Promise<Record<string, unknown> | undefined> {
  const text = nonEmpty(source.env[`TRUSS_SECRET_${name}`]) ?? (await secretFile(name, source.dir));
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message would quote the secret.
    throw invalid(name, "is not JSON", "Store a JSON object with the bucket's credentials.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalid(name, "is not a JSON object", "Store a JSON object with the bucket's credentials.");
  }
  return value as Record<string, unknown>;
}

/** One string of a secret, under any of its spellings; the first is the one to tell people about. */
export function secretField(
  secret: Record<string, unknown>,
  name: string,
  spellings: readonly [string, ...string[]],
): string {
  const value = optionalSecretField(secret, spellings);
  if (value === undefined) {
    throw invalid(name, `has no \`${spellings[0]}\``, `Add \`${spellings[0]}\` to the JSON object.`);
  }
  return value;
}

export function optionalSecretField(
  secret: Record<string, unknown>,
  spellings: readonly string[],
): string | undefined {
  for (const spelling of spellings) {
    const value = secret[spelling];
    if (typeof value === "string" && value !== "") return value;
  }
  return undefined;
}

async function secretFile(name: string, dir: string): Promise<string | undefined> {
  if (name === "" || name === "." || name === ".." || /[/\0]/.test(name)) return undefined;
  try {
    const base = await realpath(dir);
    // Mounted secrets are links into a hidden sibling; a link out of the mount is not a secret.
    const path = await realpath(join(base, name));
    if (!path.startsWith(base + sep)) return undefined;
    return nonEmpty(await readFile(path, "utf8"));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw invalid(name, `cannot be read (${code})`, `Make ${join(dir, name)} readable for this process.`);
  }
}

function nonEmpty(value: string | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed === "" ? undefined : trimmed;
}

function invalid(name: string, what: string, fix: string): ChainsError {
  return new ChainsError("WEIGHTS_CREDENTIALS_INVALID", `The secret \`${name}\` ${what}.`, { fix });
}
