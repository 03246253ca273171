import { ChainsError } from "@truss-chains/errors";
import { type Account, DEFAULT_REMOTE_URL, isHttpUrl, restUrlOf, withoutTrailingSlash } from "./account.ts";
import { ApiKey } from "./api-key.ts";
import { escapeInterpolation, interpolate } from "./interpolation.ts";
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

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The account as it will be once it is saved, so that its key can be tried where it will be used.
 *
 * @throws ChainsError `ACCOUNT_INVALID`
 */
export async function accountToSave(
  { name = "baseten", apiKey: text, remoteUrl, restUrl }: SavedAccount,
  env: Environment = process.env,
): Promise<Account> {
  const apiKey = ApiKey.in(text);
  if (!apiKey) throw invalid("An API key is one word.", "Copy it again from the settings.");
  if (!/^[^\][\r\n]+$/.test(name) || name.toUpperCase() === "DEFAULT")
    throw invalid(`${JSON.stringify(name)} cannot name an account.`, "Choose a plain name.");
  const previous = (await readTrussrc(trussrcPath(env))).section(name) ?? {};
  const remote = withoutTrailingSlash(remoteUrl ?? interpolate(previous, "remote_url") ?? DEFAULT_REMOTE_URL);
  const rest = withoutTrailingSlash(restUrl ?? interpolate(previous, "rest_api_url") ?? restUrlOf(remote));
  for (const url of [remote, rest])
    if (!isHttpUrl(url))
      throw invalid(`${JSON.stringify(url)} is not the URL of a service.`, "Write it with https://.");
  return { name, remoteUrl: remote, restUrl: rest, apiKey, team: undefined, includeGitInfo: false };
}

/**
 * Writes an account into `.trussrc`, where the real Truss finds it too. Other accounts, other keys of this one, and
 * comments stay as they are.
 *
 * @returns The file's path.
 * @throws ChainsError `ACCOUNT_INVALID`, `FILE_NOT_WRITABLE`.
 */
export async function saveAccount(saved: SavedAccount, env: Environment = process.env): Promise<string> {
  const { name } = await accountToSave(saved, env);
  const { remoteUrl, restUrl } = saved;
  const path = trussrcPath(env);
  const file = await readTrussrc(path);
  const values = {
    remote_provider: "baseten",
    remote_url: urlText(remoteUrl) ?? file.section(name)?.remote_url ?? DEFAULT_REMOTE_URL,
    auth_type: "api_key",
    api_key: escapeInterpolation(saved.apiKey.trim()),
    ...(restUrl !== undefined && { rest_api_url: urlText(restUrl) }),
    oauth_access_token: undefined,
    oauth_refresh_token: undefined,
    oauth_expires_at: undefined,
  };
  await writeTrussrc(path, file.with(name, values));
  return path;
}

function urlText(url: string | undefined): string | undefined {
  return url === undefined ? undefined : escapeInterpolation(withoutTrailingSlash(url));
}

function invalid(message: string, fix: string): ChainsError {
  return new ChainsError("ACCOUNT_INVALID", message, { fix });
}
