import type { ApiKey } from "./api-key.ts";

/** Where requests go, and as whom. */
export interface Account {
  /** The section of `.trussrc`, or `<environment>`. */
  readonly name: string;
  /** Base of the web application and of GraphQL, without a trailing slash. */
  readonly remoteUrl: string;
  /** Base of the REST API, without a trailing slash. */
  readonly restUrl: string;
  readonly apiKey: ApiKey;
  /** What `--team` is when it is not given. */
  readonly team: string | undefined;
  readonly includeGitInfo: boolean;
}

export const DEFAULT_REMOTE_URL = "https://app.baseten.co";

const REST_URLS: Readonly<Record<string, string>> = {
  "https://app.baseten.co": "https://api.baseten.co",
  "https://app.staging.baseten.co": "https://api.staging.baseten.co",
  "https://app.dev.baseten.co": "https://api.mc-dev.baseten.co",
  "http://localhost:8000": "http://api.localhost:8000",
};

/** The REST base that belongs to an application, by the table that the real CLI has. */
export function restUrlOf(remoteUrl: string): string {
  return REST_URLS[remoteUrl] ?? "https://api.baseten.co";
}

/** Whether requests can be sent to it. `localhost:8000` is a URL too, but of the scheme `localhost`. */
export function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

export function withoutTrailingSlash(url: string): string {
  return url.replace(/\/+$/, "");
}
