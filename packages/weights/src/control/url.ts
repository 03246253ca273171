import { ChainsError } from "@truss-chains/errors";

/** A URL without its query and credentials, which may hold a signature: fit for messages. */
export function shownUrl(url: string | URL): string {
  const parsed = new URL(url);
  return `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}

/**
 * The target of a redirect. Only http and https are followed, and never from https down to http.
 *
 * @throws ChainsError `WEIGHTS_TRANSFER_FAILED`
 */
export function redirectTarget(from: string, location: string | undefined): URL {
  const refuse = (what: string) =>
    new ChainsError("WEIGHTS_TRANSFER_FAILED", `${shownUrl(from)} redirects ${what}.`, {
      fix: "Check the source: this redirect is not followed.",
    });
  if (location === undefined || !URL.canParse(location, from)) throw refuse("to nowhere");
  const target = new URL(location, from);
  if (target.protocol !== "https:" && target.protocol !== "http:")
    throw refuse(`to a ${target.protocol} address`);
  if (target.protocol === "http:" && from.startsWith("https:")) throw refuse("from https to plain http");
  if (target.username !== "" || target.password !== "") throw refuse("to an address with a password in it");
  return target;
}
