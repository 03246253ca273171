import { ChainsError } from "@truss-chains/errors";
import { locateByRequest, refused } from "../control/locate.ts";
import { type ControlResponse, controlRequest } from "../control/request.ts";
import { NEVER_EXPIRES, normalizeHash, type Resolution } from "../manifest/pointer.ts";
import { hubToken } from "../secrets.ts";
import { endpointFrom } from "./endpoint.ts";
import type {
  ByteLocation,
  ContentHash,
  KnownFile,
  LocateOptions,
  RemoteFile,
  SourceContext,
  WeightsFetcher,
} from "./fetcher.ts";

const HUB = "https://huggingface.co";

export interface HuggingFaceOptions {
  readonly repoId: string;
  /** Branch, tag, pull request reference or commit; the empty string is `main`. */
  readonly revision: string;
  readonly secretName: string;
}

/** The Hub's address: `HF_ENDPOINT`, else the public one. No trailing slash. */
function hubEndpoint(env: SourceContext["env"]): string {
  return endpointFrom(env, "HF_ENDPOINT") ?? HUB;
}

/** Whether a URL is one of the Hub, so that a Hub token may be sent to it. */
export function isHubUrl(url: string, env: SourceContext["env"]): boolean {
  const { protocol, hostname, origin } = new URL(url);
  if (origin === new URL(hubEndpoint(env)).origin) return true;
  return protocol === "https:" && /^(.+\.)?(huggingface\.co|hf\.co)$/.test(hostname);
}

/** A model repository of the Hugging Face Hub, or of a mirror that speaks its API. */
export function huggingFaceFetcher(options: HuggingFaceOptions, context: SourceContext): WeightsFetcher {
  return new HuggingFaceFetcher(options, context);
}

/** Serves the Hub URLs of a manifest, whatever the repository. */
export function hubUrlFetcher(secretName: string, context: SourceContext): WeightsFetcher {
  return new HuggingFaceFetcher({ repoId: "", revision: "", secretName }, context);
}

class HuggingFaceFetcher implements WeightsFetcher {
  readonly label: string;
  readonly #endpoint: string;
  #revision: Promise<string> | undefined;
  #token: Promise<string | undefined> | undefined;
  #anonymous = false;

  constructor(
    private readonly options: HuggingFaceOptions,
    private readonly context: SourceContext,
  ) {
    this.label = options.repoId === "" ? "the Hugging Face Hub" : `hf://${options.repoId}`;
    this.#endpoint = hubEndpoint(context.env);
  }

  resolveRevision(signal?: AbortSignal): Promise<string> {
    this.#revision ??= this.#resolve(signal);
    return this.#revision;
  }

  async #resolve(signal: AbortSignal | undefined): Promise<string> {
    const wanted = this.options.revision || "main";
    const url = `${this.#endpoint}/api/models/${this.options.repoId}/revision/${encodeURIComponent(wanted)}`;
    const sha = (this.#parse(await this.#api(url, signal)) as { sha?: unknown } | null)?.sha;
    if (typeof sha !== "string" || !/^[0-9a-f]{40}$/.test(sha)) {
      throw unexpected(this.label, "no commit for the revision");
    }
    if (sha !== wanted) {
      this.context.warn(`${this.label}@${wanted} is not pinned; its commit now is ${sha}.`);
    }
    return sha;
  }

  async list(signal?: AbortSignal): Promise<readonly RemoteFile[]> {
    const sha = await this.resolveRevision(signal);
    const files: RemoteFile[] = [];
    let next: string | undefined =
      `${this.#endpoint}/api/models/${this.options.repoId}/tree/${sha}?recursive=true&expand=false`;
    while (next !== undefined) {
      const page = await this.#api(next, signal);
      const entries = this.#parse(page);
      if (!Array.isArray(entries)) throw unexpected(this.label, "a listing that is not a list");
      for (const entry of entries) {
        if (entry?.type === "file") files.push(this.#file(entry, sha));
      }
      next = nextPage(page, this.#endpoint);
    }
    return files;
  }

  #file(entry: TreeEntry, sha: string): RemoteFile {
    const { path, oid, lfs } = entry;
    const size = lfs?.size ?? entry.size;
    if (typeof path !== "string" || !Number.isSafeInteger(size) || size < 0) {
      throw unexpected(this.label, `an impossible entry ${JSON.stringify(path)}`);
    }
    const sha256 = lfs?.oid !== undefined && /^[0-9a-f]{64}$/.test(lfs.oid) ? lfs.oid : undefined;
    // For LFS files `oid` is the blob of the pointer file, not of the content.
    const blob = !lfs && /^[0-9a-f]{40}$/.test(oid) ? oid : undefined;
    const hashtype = sha256 ? "sha256" : blob ? "git-sha1" : "etag";
    const hash = sha256 ?? blob ?? normalizeHash(String(oid));
    return this.recall({ path, size, hashtype, hash, lastModified: null }, sha);
  }

  recall(file: KnownFile, sha: string): RemoteFile {
    const { repoId, revision } = this.options;
    const name = file.path.split("/").map(encodeURIComponent).join("/");
    return {
      ...file,
      resolution: {
        resolution_type: "http",
        url: `${this.#endpoint}/${repoId}/resolve/${sha}/${name}`,
        expiration_timestamp: NEVER_EXPIRES,
      },
      uid: `${repoId}:${revision || "main"}:${file.path}`,
    };
  }

  async locate(resolution: Resolution, options: LocateOptions): Promise<ByteLocation> {
    if (resolution.resolution_type !== "http")
      throw new ChainsError("INTERNAL", "The Hub got another source's file.");
    const credentials = isHubUrl(resolution.url, this.context.env) ? await this.#credentials() : {};
    return locateByRequest({
      url: resolution.url,
      credentials,
      explain: (response) => this.#explain(response),
      hashesFrom: linkedHashes,
      signal: options.signal,
    });
  }

  async #api(url: string, signal: AbortSignal | undefined): Promise<ControlResponse> {
    const response = await controlRequest({ url, credentials: await this.#credentials(), signal });
    if (response.status === 200) return response;
    throw this.#explain(response) ?? refused(url, response.status);
  }

  /** A proxy's login page is an answer, too. */
  #parse({ body }: ControlResponse): unknown {
    try {
      return JSON.parse(body);
    } catch {
      throw unexpected(this.label, "something that is not JSON");
    }
  }

  async #credentials(): Promise<Record<string, string>> {
    this.#token ??= hubToken(this.options.secretName, this.context.secrets).then((token) => {
      this.#anonymous = token === undefined;
      if (this.#anonymous) {
        this.context.warn(
          `The secret \`${this.options.secretName}\` is not set; the Hub is asked anonymously.`,
        );
      }
      return token;
    });
    const token = await this.#token;
    return token === undefined ? {} : { authorization: `Bearer ${token}` };
  }

  /** The Hub names the reason of a refusal in a header; without a token it says 401 for what does not exist, too. */
  #explain({ status, headers }: ControlResponse): ChainsError | undefined {
    const code = headers["x-error-code"];
    const secret = `\`${this.options.secretName}\``;
    const denied = (message: string, fix: string) =>
      new ChainsError("SOURCE_DENIED", message, { fix, data: { status, code } });
    const missing = (message: string, fix: string) =>
      new ChainsError("WEIGHTS_NOT_FOUND", message, { fix, data: { status, code } });
    if (code === "GatedRepo") {
      return denied(
        this.#anonymous
          ? `${this.label} is gated, and the secret ${secret} with a token is not set.`
          : `${this.label} is gated, and the token in the secret ${secret} has no access.`,
        `Ask for access on the repository's page, then store a token of that account as ${secret}.`,
      );
    }
    if (code === "RevisionNotFound") {
      return missing(
        `${this.label} has no revision ${this.options.revision || "main"}.`,
        "Use an existing branch, tag or commit.",
      );
    }
    if (code === "EntryNotFound") {
      return missing(
        `${this.label} does not have a file that its manifest names.`,
        "Build the manifest again.",
      );
    }
    if (code === "RepoNotFound" || status === 401 || status === 403) {
      return denied(
        this.#anonymous
          ? `${this.label} does not exist, or needs a token, and the secret ${secret} is not set (${status}).`
          : `${this.label} does not exist, or the token in the secret ${secret} may not read it (${status}).`,
        `Check the name; for a private repository store a token with read access as ${secret}.`,
      );
    }
    return undefined;
  }
}

interface TreeEntry {
  readonly type: string;
  readonly path: string;
  readonly size: number;
  readonly oid: string;
  readonly lfs?: { readonly oid?: string; readonly size: number } | null;
}

/** What the Hub says about the content before it redirects to its storage. A repository that moved redirects earlier. */
function linkedHashes({ hops }: ControlResponse): readonly ContentHash[] {
  const answer = hops.find((headers) => headers["x-repo-commit"] !== undefined || headers["x-linked-etag"]);
  const linked = answer?.["x-linked-etag"]?.replaceAll('"', "");
  if (linked !== undefined) return /^[0-9a-f]{64}$/.test(linked) ? [{ kind: "sha256", value: linked }] : [];
  // A small file is served directly, and its etag is the git blob's id.
  const direct = answer?.etag?.replace(/^W\//, "").replaceAll('"', "") ?? "";
  return /^[0-9a-f]{40}$/.test(direct) ? [{ kind: "git-sha1", value: direct }] : [];
}

function nextPage(page: ControlResponse, endpoint: string): string | undefined {
  const link = /<([^>]+)>\s*;\s*rel="?next"?/.exec(page.headers.link ?? "")?.[1];
  if (link === undefined) return undefined;
  const url = new URL(link, page.url);
  // The token goes along with the next page: it stays with the Hub.
  if (url.origin !== new URL(endpoint).origin)
    throw unexpected(url.host, "a listing that continues on another host");
  return url.href;
}

function unexpected(label: string, what: string): ChainsError {
  return new ChainsError("WEIGHTS_TRANSFER_FAILED", `${label} answers with ${what}.`, {
    fix: "Check HF_ENDPOINT: it must be a Hugging Face Hub or a mirror of its API.",
  });
}
