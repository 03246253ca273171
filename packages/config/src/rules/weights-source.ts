import { Fault, quote } from "./fault.ts";

/** Schemes of `weights[].source`, without `://`. */
export const WEIGHTS_SCHEMES = ["azure", "cw", "gs", "hf", "https", "r2", "s3"] as const;
export type WeightsScheme = (typeof WEIGHTS_SCHEMES)[number];

const EXPECTED: Readonly<Record<WeightsScheme, string>> = {
  azure: "azure://account/container/path",
  cw: "cw://bucket/path",
  gs: "gs://bucket/path",
  hf: "hf://owner/repo@revision",
  https: "https://host/file",
  r2: "r2://account_id.bucket/path",
  s3: "s3://bucket/path",
};

/** The scheme of a source and what comes after `://`; undefined where the scheme is missing or unknown. */
export function splitSource(source: string): { scheme: WeightsScheme; rest: string } | undefined {
  const end = source.indexOf("://");
  const scheme = WEIGHTS_SCHEMES.find((known) => known === source.slice(0, end));
  return end > 0 && scheme !== undefined ? { scheme, rest: source.slice(end + 3) } : undefined;
}

/** Checks a source of weights: a URI with one of the schemes that Truss can mirror from. */
export function checkWeightsSource(source: string): Fault | undefined {
  const schemes = WEIGHTS_SCHEMES.map((scheme) => `${scheme}://`).join(", ");
  if (!source.includes("://")) {
    const guess = /^[\w.-]+\/[\w.-]+(@.+)?$/.test(source)
      ? ` For a Hugging Face repository: "hf://${source}".`
      : "";
    return new Fault(
      `The source ${quote(source)} has no scheme.`,
      `Begin it with one of ${schemes}.${guess}`,
    );
  }
  const parts = splitSource(source);
  if (!parts) {
    const seen = `${source.slice(0, source.indexOf("://"))}://`;
    return new Fault(`The scheme ${quote(seen)} is not supported.`, `Use one of ${schemes}.`);
  }
  const { scheme, rest } = parts;
  if (rest === "" || rest.startsWith("/")) {
    return new Fault(`The source ${quote(source)} names no place.`, `Write it as ${EXPECTED[scheme]}.`);
  }
  if (rest.includes("@") && scheme !== "hf" && scheme !== "https") {
    return new Fault(
      `The source ${quote(source)} holds an @, but only hf:// sources have revisions.`,
      "Remove the revision.",
    );
  }
  return undefined;
}

/** Checks the directory at which weights appear: an absolute path. */
export function checkMountLocation(path: string): Fault | undefined {
  if (path.startsWith("/")) return undefined;
  return new Fault(
    path === "" ? "The mount location is empty." : `The mount location ${quote(path)} is not absolute.`,
    `Begin it with a slash, such as "/models/${path.replace(/^[./]+/, "") || "llama"}".`,
  );
}
