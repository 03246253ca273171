import { ChainsError } from "@truss-chains/errors";

/** The account's key is not accepted. */
export function refusedKey(account: string, status: number): ChainsError {
  return new ChainsError(
    "API_KEY_REFUSED",
    `Baseten refuses the API key of the account ${account} (status ${status}).`,
    {
      fix: "Make a new key in the workspace's settings, then run chains login.",
    },
  );
}

/** The answer is that the service is elsewhere. A key is not sent on to where nobody has said it belongs. */
export function redirected(what: string, status: number): ChainsError {
  return new ChainsError("API_FAILED", `Baseten's answer to ${what} is a redirection (status ${status}).`, {
    fix: "Correct the account's URL with chains login --remote-url; a sign-in page on the way redirects, too.",
  });
}

/** The request is not accepted; the service's own words are the best there are. */
export function rejected(what: string, status: number, answer: string): ChainsError {
  return new ChainsError("API_REJECTED", `Baseten rejects ${what} (status ${status}): ${wordsOf(answer)}`, {
    data: { status, operation: what },
  });
}

const LONGEST = 500;

function wordsOf(answer: string): string {
  try {
    const { message, error, detail, errors } = JSON.parse(answer);
    const words = [message, error, detail, errors?.[0]?.message].find((text) => typeof text === "string");
    if (words) return words;
  } catch {
    // Not JSON: a proxy's page, perhaps. Its text is all there is.
  }
  return answer.length > LONGEST ? `${answer.slice(0, LONGEST)}…` : answer || "no further words";
}
