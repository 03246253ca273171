import { ChainsError } from "@truss-chains/errors";
import { type Account, DEFAULT_REMOTE_URL, isHttpUrl, restUrlOf, withoutTrailingSlash } from "./account.ts";
import { ApiKey } from "./api-key.ts";
import type { Choose } from "./choose.ts";
import { interpolate } from "./interpolation.ts";
import { readTrussrc, trussrcPath } from "./trussrc.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export interface AccountOptions {
  /** The section of `.trussrc`; needed only when there are several. */
  readonly remote?: string | undefined;
  /** `process.env` by default. */
  readonly env?: Environment | undefined;
  /** Asked which one, where there are several and none is named. */
  readonly choose?: Choose | undefined;
}

/** Name of the account that the environment defines. */
const ENVIRONMENT = "<environment>";

/**
 * Finds the account to use. `BASETEN_TRUSS_AUTH_REMOTE_URL` with `BASETEN_TRUSS_AUTH_API_KEY` defines the only one;
 * else the section of `.trussrc` that is named, or the only one there is; else `BASETEN_API_KEY` alone does for
 * Baseten itself.
 *
 * @throws ChainsError `ACCOUNT_MISSING`, `ACCOUNT_INVALID`; `USAGE` when several could be meant.
 */
export async function resolveAccount({
  remote,
  env = process.env,
  choose,
}: AccountOptions = {}): Promise<Account> {
  const fromEnvironment = environmentAccount(env);
  if (fromEnvironment) {
    if (remote === undefined || remote === ENVIRONMENT) return fromEnvironment;
    throw new ChainsError(
      "ACCOUNT_INVALID",
      `The environment defines the account, so there is no ${remote}.`,
      {
        fix: "Leave out --remote, or unset BASETEN_TRUSS_AUTH_REMOTE_URL and BASETEN_TRUSS_AUTH_API_KEY.",
      },
    );
  }
  const path = trussrcPath(env);
  const file = await readTrussrc(path);
  const names = file.sectionNames;
  if (names.length === 0 && remote === undefined && env.BASETEN_API_KEY) {
    return account("baseten", { remote_url: DEFAULT_REMOTE_URL }, path, env);
  }
  const name = remote ?? (await onlyOne(names, path, choose));
  const section = file.section(name);
  if (section && name !== "DEFAULT") return account(name, section, path, env);
  throw new ChainsError("ACCOUNT_MISSING", `${path} has no account named ${name}.`, {
    fix: names.length > 0 ? `It has ${names.join(", ")}.` : "Run chains login.",
    location: { file: path },
  });
}

/** The names of the accounts that can be chosen from. */
export async function accountNames(env: Environment = process.env): Promise<string[]> {
  if (environmentAccount(env)) return [ENVIRONMENT];
  return (await readTrussrc(trussrcPath(env))).sectionNames;
}

function environmentAccount(env: Environment): Account | undefined {
  const { BASETEN_TRUSS_AUTH_REMOTE_URL: url, BASETEN_TRUSS_AUTH_API_KEY: key } = env;
  if (!url && !key) return undefined;
  if (!url || !key) {
    throw new ChainsError(
      "ACCOUNT_INVALID",
      `Of the two variables of an account, only ${url ? "the URL" : "the key"} is set.`,
      {
        fix: "Set both BASETEN_TRUSS_AUTH_REMOTE_URL and BASETEN_TRUSS_AUTH_API_KEY, or neither.",
      },
    );
  }
  const remoteUrl = withoutTrailingSlash(url);
  if (!isHttpUrl(remoteUrl)) {
    throw new ChainsError(
      "ACCOUNT_INVALID",
      "BASETEN_TRUSS_AUTH_REMOTE_URL is not the URL of a web application.",
      {
        fix: `Set it to a URL such as ${DEFAULT_REMOTE_URL}.`,
      },
    );
  }
  const apiKey = ApiKey.in(key, "Bearer");
  if (!apiKey) {
    throw new ChainsError("ACCOUNT_INVALID", "The value of BASETEN_TRUSS_AUTH_API_KEY cannot be a key.", {
      fix: COPY_AGAIN,
    });
  }
  return {
    name: ENVIRONMENT,
    remoteUrl,
    restUrl: restUrlOf(remoteUrl),
    apiKey,
    team: undefined,
    includeGitInfo: false,
  };
}

function account(
  name: string,
  section: Readonly<Record<string, string>>,
  file: string,
  env: Environment,
): Account {
  const value = (key: string) => interpolate(section, key);
  const invalid = (message: string, fix: string) =>
    new ChainsError("ACCOUNT_INVALID", `The account ${name} ${message}`, { fix, location: { file } });
  const provider = value("remote_provider") ?? "baseten";
  if (provider !== "baseten")
    throw invalid(`has the provider ${provider}, which is not known.`, "Write remote_provider = baseten.");
  const remoteUrl = withoutTrailingSlash(value("remote_url") ?? "");
  if (!isHttpUrl(remoteUrl))
    throw invalid("has no valid remote_url.", `Write remote_url = ${DEFAULT_REMOTE_URL}.`);
  const restUrl = withoutTrailingSlash(value("rest_api_url") ?? restUrlOf(remoteUrl));
  if (!isHttpUrl(restUrl))
    throw invalid("has a rest_api_url that is not a URL.", "Correct it, or leave it out.");
  const key = keyOf(value, env);
  if (!key) throw invalid("has no API key.", "Run chains login, or set BASETEN_API_KEY.");
  const apiKey = ApiKey.in(key.text, key.scheme);
  if (!apiKey) throw invalid("has an API key that cannot be one.", COPY_AGAIN);
  return {
    name,
    remoteUrl,
    restUrl,
    apiKey,
    team: value("team"),
    includeGitInfo: /^(1|yes|true|on)$/i.test(value("include_git_info") ?? ""),
  };
}

const COPY_AGAIN = "A key is one word of letters, digits and signs: copy it again from the settings.";

function keyOf(
  value: (key: string) => string | undefined,
  env: Environment,
): { readonly text: string; readonly scheme: "Api-Key" | "Bearer" } | undefined {
  if (value("auth_type") === "oauth") {
    const token = value("oauth_access_token");
    if (token) return { text: token, scheme: "Bearer" };
  }
  const text = value("api_key") || env.BASETEN_API_KEY;
  return text ? { text, scheme: "Api-Key" } : undefined;
}

async function onlyOne(names: readonly string[], file: string, choose: Choose | undefined): Promise<string> {
  if (names.length === 1) return names[0]!;
  if (names.length === 0) {
    throw new ChainsError("ACCOUNT_MISSING", `There is no account: ${file} holds none.`, {
      fix: "Run chains login, or set BASETEN_API_KEY.",
    });
  }
  if (choose) return choose({ what: "account", message: "Which account?", options: names });
  throw new ChainsError("USAGE", `There are several accounts: ${names.join(", ")}.`, {
    fix: "Choose one with --remote.",
  });
}
