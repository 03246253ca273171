import { ChainsError } from "@truss-chains/errors";

/** Codes of what can go wrong before a connection stands, with the words that help. */
const CONNECT_FIXES: Readonly<Record<string, string>> = {
  ECONNREFUSED: "Check that it is running, and on this port.",
  ENOTFOUND: "Check the host name.",
  EAI_AGAIN: "Check the network: its name server did not answer.",
  ERR_TLS_CERT_ALTNAME_INVALID: "Check that the address belongs to the host that its certificate names.",
};

/** The error of a call whose connection failed, whose answer is not HTTP, or that could not be sent at all. */
export function exchangeFailed(origin: string, cause: unknown): ChainsError {
  const code = codeOf(cause);
  if (code === "UND_ERR_INVALID_ARG") {
    const { message } = cause as Error;
    return new ChainsError("USAGE", `The call to ${origin} cannot be sent: ${message}.`, {
      cause,
      fix: "Names and values of headers are printable characters without line breaks.",
    });
  }
  const fix = CONNECT_FIXES[code];
  if (fix !== undefined || isTls(code)) {
    return new ChainsError("CONNECTION_FAILED", `Could not connect to ${origin} (${code}).`, {
      cause,
      ...(fix !== undefined && { fix }),
    });
  }
  if (code.startsWith("HPE_") || (cause as Error | undefined)?.name === "HTTPParserError") {
    return new ChainsError("RESPONSE_INVALID", `What ${origin} answered is not HTTP (${code}).`, { cause });
  }
  return new ChainsError("CONNECTION_FAILED", `The connection to ${origin} was lost (${code}).`, { cause });
}

/** The other side closed the connection, as opposed to not being there, or talking nonsense. */
export function isHangUp(cause: unknown): boolean {
  return ["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"].includes(codeOf(cause));
}

function isTls(code: string): boolean {
  return code.startsWith("ERR_TLS") || code.startsWith("ERR_SSL") || code.includes("CERT");
}

function codeOf(cause: unknown): string {
  const { code } = cause as { code?: unknown };
  return typeof code === "string" ? code : String((cause as Error | undefined)?.message ?? cause);
}
