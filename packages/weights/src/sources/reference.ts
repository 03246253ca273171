import { ChainsError } from "@truss-chains/errors";
import { queryFingerprint } from "./query-fingerprint.ts";

/** A source as a person names it, taken apart. Prefixes are without leading or trailing slashes. */
export type SourceReference =
  | { readonly provider: "hf"; readonly repoId: string; readonly revision: string }
  | { readonly provider: "s3" | "gcs" | "cw"; readonly bucket: string; readonly prefix: string }
  | { readonly provider: "r2"; readonly account: string; readonly bucket: string; readonly prefix: string }
  | {
      readonly provider: "azure";
      readonly account: string;
      readonly container: string;
      readonly prefix: string;
    }
  | { readonly provider: "https"; readonly url: string };

const SCHEMES = "hf://, s3://, gs://, azure://, r2://, cw:// and https://";

/**
 * Reads a `weights` source: `hf://owner/repo[@revision]`, `s3://bucket/path`, `gs://bucket/path`,
 * `azure://account/container/path`, `r2://account_id.bucket/path`, `cw://bucket/path`, `https://host/file`.
 *
 * @throws ChainsError `WEIGHTS_SOURCE_INVALID`
 */
export function parseSource(source: string): SourceReference {
  const match = /^([a-zA-Z][a-zA-Z0-9+.-]*):\/\/(.*)$/s.exec(source);
  if (match === null) throw invalid(source, "has no scheme", `Use one of ${SCHEMES}.`);
  const [, scheme, rest] = match as unknown as [string, string, string];
  switch (scheme) {
    case "hf":
      return parseHubSource(source, rest);
    case "s3":
    case "cw":
      return { provider: scheme, ...bucketAndPrefix(source, rest) };
    case "gs":
      return { provider: "gcs", ...bucketAndPrefix(source, rest) };
    case "r2":
      return parseR2(source, rest);
    case "azure":
      return parseAzure(source, rest);
    case "https":
      return parseHttps(source);
    case "az":
      throw invalid(source, "lacks the storage account", "Write azure://account/container/path.");
    default:
      throw invalid(source, `has the unsupported scheme \`${scheme}\``, `Use one of ${SCHEMES}.`);
  }
}

/**
 * Reads the `repo_id` of a model cache entry: a repository of the Hugging Face Hub or, by kind or by prefix, a bucket.
 *
 * @throws ChainsError `WEIGHTS_SOURCE_INVALID`
 */
export function parseModelRepo(repoId: string, revision: string, kind: string): SourceReference {
  const blob = /^https:\/\/([^./]+)\.blob\.core\.windows\.net\/(.+)$/.exec(repoId);
  if (blob !== null) return parseAzure(repoId, `${blob[1]}/${blob[2]}`);
  if (/^(gs|s3|azure|az):\/\//.test(repoId)) {
    const reference = parseSource(repoId);
    if (kind !== "hf" && kind !== reference.provider) {
      throw invalid(repoId, `does not fit \`kind: ${kind}\``, `Use \`kind: ${reference.provider}\`.`);
    }
    return reference;
  }
  if (kind !== "hf") {
    const scheme = kind === "gcs" ? "gs" : kind;
    throw invalid(repoId, `is no ${kind} address`, `Write ${scheme}://….`);
  }
  return hub(repoId, repoId, revision);
}

/**
 * The way messages and lockfiles name a source, different for every source. It holds no secret: user names and passwords
 * of URLs are refused before.
 */
export function sourceLabel(reference: SourceReference): string {
  const path = (...parts: string[]) => parts.filter((part) => part !== "").join("/");
  switch (reference.provider) {
    case "hf":
      return `hf://${reference.repoId}${reference.revision === "" ? "" : `@${reference.revision}`}`;
    case "gcs":
      return `gs://${path(reference.bucket, reference.prefix)}`;
    case "s3":
    case "cw":
      return `${reference.provider}://${path(reference.bucket, reference.prefix)}`;
    case "r2":
      return `r2://${path(`${reference.account}.${reference.bucket}`, reference.prefix)}`;
    case "azure":
      return `azure://${path(reference.account, reference.container, reference.prefix)}`;
    case "https": {
      const url = new URL(reference.url);
      return `${url.origin}${url.pathname}${queryFingerprint(url)}`;
    }
  }
}

/** What the names of everything below a prefix start with. */
export function asDirectory(prefix: string): string {
  return prefix === "" ? "" : `${prefix}/`;
}

function parseHubSource(source: string, rest: string): SourceReference {
  const at = rest.indexOf("@");
  return at < 0 ? hub(source, rest, "") : hub(source, rest.slice(0, at), rest.slice(at + 1));
}

function hub(source: string, repoId: string, revision: string): SourceReference {
  const plain = /^[\w-][\w.-]*(\/[\w-][\w.-]*)?$/;
  if (!plain.test(repoId) || repoId.includes("..")) {
    throw invalid(source, "names no repository of the Hugging Face Hub", "Write owner/name.");
  }
  if (/[\s\0?#]|\.\./.test(revision)) {
    throw invalid(
      source,
      `has the impossible revision ${JSON.stringify(revision)}`,
      "Use a branch, a tag or a commit.",
    );
  }
  return { provider: "hf", repoId, revision };
}

function bucketAndPrefix(source: string, rest: string): { bucket: string; prefix: string } {
  const [bucket = "", ...path] = rest.split("/");
  checkName(source, bucket, "bucket");
  return { bucket, prefix: path.join("/").replace(/^\/+|\/+$/g, "") };
}

function parseR2(source: string, rest: string): SourceReference {
  const { bucket: host, prefix } = bucketAndPrefix(source, rest);
  const dot = host.indexOf(".");
  if (dot < 1 || dot === host.length - 1) {
    throw invalid(source, "does not name account and bucket", "Write r2://account_id.bucket/path.");
  }
  return { provider: "r2", account: host.slice(0, dot), bucket: host.slice(dot + 1), prefix };
}

function parseAzure(source: string, rest: string): SourceReference {
  const { bucket: account, prefix } = bucketAndPrefix(source, rest);
  const [container = "", ...path] = prefix.split("/");
  checkName(source, container, "container");
  return { provider: "azure", account, container, prefix: path.join("/") };
}

function parseHttps(source: string): SourceReference {
  const url = URL.canParse(source) ? new URL(source) : undefined;
  if (url === undefined) throw invalid(source, "is not a URL", "Write https://host/file.");
  if (url.username !== "" || url.password !== "") {
    throw new ChainsError(
      "WEIGHTS_SOURCE_INVALID",
      `A source at ${url.host} carries a user name or password.`,
      {
        fix: "Store the credentials as a secret and name it in auth_secret_name.",
      },
    );
  }
  return { provider: "https", url: url.href };
}

function checkName(source: string, name: string, what: string): void {
  if (name === "" || name === "." || name === ".." || !/^[\w.-]+$/.test(name)) {
    throw invalid(source, `does not name a ${what}`, `Put the ${what}'s name first.`);
  }
}

function invalid(source: string, what: string, fix: string): ChainsError {
  const shown = source.startsWith("http") ? source.split("?", 1)[0]! : source;
  return new ChainsError("WEIGHTS_SOURCE_INVALID", `The weights source ${JSON.stringify(shown)} ${what}.`, {
    fix,
  });
}
