import { ChainsError } from "@truss-chains/errors";
import { DEFAULT_REMOTE_URL, withoutTrailingSlash } from "./account.ts";
import { escapeInterpolation } from "./interpolation.ts";
import { readTrussrc, trussrcPath, writeTrussrc } from "./trussrc.ts";

export interface SavedAccount {
  /** Name of the section; `baseten` by default. */
  readonly name?: string | undefined;
  readonly apiKey: string;
  /** The web application; Baseten's own by default. */
  readonly remoteUrl?: string | undefined;
  /** Only for a REST API that is not Baseten's own. */
  readonly restUrl?: string | undefined;
}

/**
 * Writes an account into `.trussrc`, where the real Truss finds it too. Other accounts, other keys of this one, and
 * comments stay as they are.
 *
 * @returns The file's path.
 * @throws ChainsError `ACCOUNT_INVALID`, `FILE_NOT_WRITABLE`.
 */
export async function saveAccount(
  { name = "baseten", apiKey, remoteUrl, restUrl }: SavedAccount,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<string> {
  const key = apiKey.trim();
  if (key === "" || /\s/.test(key))
    throw invalid("An API key is one word.", "Copy it again from the settings.");
  if (!/^[^\][\r\n]+$/.test(name) || name.toUpperCase() === "DEFAULT")
    throw invalid(`${JSON.stringify(name)} cannot name an account.`, "Choose a plain name.");
  const path = trussrcPath(env);
  const file = await readTrussrc(path);
  const previous = file.section(name);
  const values = {
    remote_provider: "baseten",
    remote_url: remoteUrl ?? previous?.remote_url ?? DEFAULT_REMOTE_URL,
    auth_type: "api_key",
    api_key: escapeInterpolation(key),
    ...(restUrl !== undefined && { rest_api_url: withoutTrailingSlash(restUrl) }),
    oauth_access_token: undefined,
    oauth_refresh_token: undefined,
    oauth_expires_at: undefined,
  };
  await writeTrussrc(path, file.with(name, values));
  return path;
}

function invalid(message: string, fix: string): ChainsError {
  return new ChainsError("ACCOUNT_INVALID", message, { fix });
}
