/** What may stand before `://` in a weights source, in the order that the real loader lists them. */
export const WEIGHTS_SCHEMES = ["azure", "cw", "gs", "hf", "https", "r2", "s3"] as const;

/** What is wrong with the URI of a weights source; undefined when nothing is. */
export function checkWeightsSource(source: string): string | undefined {
  const separator = source.indexOf("://");
  const schemes = WEIGHTS_SCHEMES.map((scheme) => `${scheme}://`).join(", ");
  if (separator === -1) return `"${source}" has no scheme; use one of ${schemes}.`;
  const scheme = source.slice(0, separator);
  const rest = source.slice(separator + 3);
  if (!(WEIGHTS_SCHEMES as readonly string[]).includes(scheme)) {
    const hint = scheme === "az" ? " Azure is written azure://account/container/path." : "";
    return `"${source}" has the unsupported scheme "${scheme}"; use one of ${schemes}.${hint}`;
  }
  if (rest === "" || rest.startsWith("/")) return `"${source}" names nothing after ${scheme}://.`;
  if (scheme !== "hf" && scheme !== "https" && rest.includes("@")) {
    return `"${source}" has a revision; only hf:// sources have one.`;
  }
  return undefined;
}
