import { inspect } from "node:util";
import { ChainsError, type ErrorCode, formatPath, type Problem } from "@truss-chains/errors";
import { redactor } from "../redaction/redactor.ts";
import { type ErrorExtras, extrasOf } from "./error-extras.ts";
import { HttpError } from "./http-error.ts";
import { originOf } from "./origin.ts";
import type { RemoteErrorDetail, RemoteFrame } from "./remote-error-detail.ts";

/** An error as a complete answer. */
export interface ErrorBody {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, whatever the content type of the request was. */
  readonly body: string;
}

export interface ErrorBodyOptions {
  /** The user's part of the stack; see `userFrames`. */
  readonly frames?: readonly RemoteFrame[];
  /** Values that must not appear in the answer. */
  readonly secrets?: readonly string[];
}

/** What the server itself turns down, before or after the endpoint ran. */
const REJECTIONS: Partial<Record<ErrorCode, { status: number; source: "caller" | "server" }>> = {
  INPUT_INVALID: { status: 400, source: "caller" },
  BODY_INVALID: { status: 400, source: "caller" },
  REQUEST_TOO_LARGE: { status: 413, source: "caller" },
  CONTRACT_MISMATCH: { status: 409, source: "caller" },
  OVERLOADED: { status: 429, source: "server" },
  CHAINLET_NOT_READY: { status: 503, source: "server" },
  DEADLINE_EXCEEDED: { status: 504, source: "server" },
};

/** Bugs of the callee: the caller learns no more than that there was one. */
const OPAQUE: readonly ErrorCode[] = ["INTERNAL", "OUTPUT_INVALID_TYPE"];

/** `X-BASETEN-ERROR-CODE`: whether the request was at fault (700) or the chainlet (600). */
const ERROR_CODE = { caller: "700", server: "600" } as const;

/**
 * The answer for an error: the Python protocol's body, so that Python callers raise what they would for a Python
 * chainlet, and beside it what callers of ours need to raise the same class with its code and data.
 *
 * An error that came from a dependency and was not caught goes on under the dependency's class name. The `cause` of an
 * error stays here, and so does everything of a value that is not an Error. Data that is not JSON is left out, which
 * the body says in `chains.dataOmitted`.
 */
export function toErrorBody(error: unknown, options: ErrorBodyOptions = {}): ErrorBody {
  const redact = redactor(options.secrets ?? []);
  if (error instanceof ChainsError && !originOf(error)) {
    if (OPAQUE.includes(error.code)) {
      return answer(
        500,
        "server",
        "Internal server error (in model/chainlet).",
        { code: error.code },
        redact,
      );
    }
    const rejection = REJECTIONS[error.code];
    if (rejection) {
      return answer(rejection.status, rejection.source, rejectionText(error), extrasOf(error), redact);
    }
  }
  const detail: RemoteErrorDetail = { ...describe(error), user_stack_trace: options.frames ?? [] };
  const status = error instanceof HttpError ? error.status : 500;
  return answer(status, "server", detail, error instanceof ChainsError ? extrasOf(error) : undefined, redact);
}

function answer(
  status: number,
  source: "caller" | "server",
  error: string | RemoteErrorDetail,
  chains: ErrorExtras | undefined,
  redact: (text: string) => string,
): ErrorBody {
  const clean = (_key: string, value: unknown) => (typeof value === "string" ? redact(value) : value);
  const retryAfter = chains?.retryAfterSec;
  return {
    status,
    headers: {
      "content-type": "application/json",
      "x-baseten-error-source": "04",
      "x-baseten-error-code": ERROR_CODE[source],
      ...(retryAfter !== undefined && { "retry-after": String(Math.ceil(retryAfter)) }),
    },
    body: JSON.stringify({ error, ...(chains && { chains }) }, clean),
  };
}

function describe(error: unknown): Omit<RemoteErrorDetail, "user_stack_trace"> {
  const origin = originOf(error);
  if (origin?.remote) {
    const { exception_cls_name, exception_module_name } = origin.remote;
    return { exception_cls_name, exception_module_name, exception_message: messageOf(error as Error) };
  }
  if (!(error instanceof Error)) {
    const message = `A value that is not an Error was thrown (${error === null ? "null" : typeof error}).`;
    return { exception_cls_name: "Error", exception_module_name: null, exception_message: message };
  }
  return { ...classOf(error), exception_message: messageOf(error) };
}

/** Whoever reads the answer relies on a text, and an author's class may have anything there. */
function messageOf(error: Error): string {
  const message: unknown = error.message;
  return typeof message === "string" ? message : inspect(message);
}

function classOf(error: Error): Pick<RemoteErrorDetail, "exception_cls_name" | "exception_module_name"> {
  // Python callers look these up, and so get the class that Python code would have raised.
  if (error instanceof HttpError)
    return { exception_cls_name: "HTTPException", exception_module_name: "fastapi.exceptions" };
  if (error instanceof ChainsError && (error.code === "CALL_TIMEOUT" || error.code === "DEADLINE_EXCEEDED")) {
    return { exception_cls_name: "TimeoutError", exception_module_name: null };
  }
  if (error instanceof ChainsError)
    return { exception_cls_name: error.name, exception_module_name: "truss-chains" };
  const own = error.constructor?.name;
  if (own && Object.hasOwn(globalThis, own)) return { exception_cls_name: own, exception_module_name: null };
  return { exception_cls_name: own || String(error.name), exception_module_name: "javascript" };
}

function rejectionText(error: ChainsError): string {
  if (error.code !== "INPUT_INVALID" || error.problems.length === 0) {
    return error.fix === undefined ? error.message : `${error.message} ${error.fix}`;
  }
  const lines = error.problems.map(problemLine);
  return `Input Parsing Error${lines.length === 1 ? "" : "s"}:\n${lines.join("\n")}`;
}

function problemLine({ message, location }: Problem): string {
  const path = formatPath(location?.path ?? []);
  return path === "" ? `  ${message}` : `  \`${path}\`: ${message}`;
}
