import { ChainsError, catalogue, type ErrorCode, type Problem } from "@truss-chains/errors";
import { encodeJson } from "../codec/json.ts";
import { HttpError, isErrorStatus } from "./http-error.ts";
import { NonRetryableError } from "./non-retryable-error.ts";
import type { RemoteError } from "./remote-error.ts";

/**
 * What our own errors carry beyond the protocol. It stands beside `error` in the body, under the name `chains`, where
 * Python callers do not look.
 */
export interface ErrorExtras {
  readonly code: ErrorCode;
  readonly fix?: string;
  readonly problems?: readonly Problem[];
  readonly data?: unknown;
  /** Why the error's data is not here: JSON cannot hold it. */
  readonly dataOmitted?: string;
  readonly retryAfterSec?: number;
}

export function extrasOf(error: ChainsError): ErrorExtras {
  return {
    code: error.code,
    ...(error.fix !== undefined && { fix: error.fix }),
    ...(error.problems.length > 0 && { problems: error.problems }),
    ...sendableData(error.data),
    ...(error instanceof HttpError &&
      error.retryAfterSec !== undefined && { retryAfterSec: error.retryAfterSec }),
  };
}

/** The data as JSON has it. An error that carries something else is still answered: that of its data must not hide it. */
function sendableData(data: unknown): Pick<ErrorExtras, "data" | "dataOmitted"> {
  if (data === undefined) return {};
  try {
    const text = JSON.stringify(data) as string | undefined;
    return text === undefined ? { dataOmitted: whyNotJson(data) } : { data: JSON.parse(text) };
  } catch {
    return { dataOmitted: whyNotJson(data) };
  }
}

function whyNotJson(data: unknown): string {
  try {
    encodeJson(data);
  } catch (error) {
    if (error instanceof ChainsError) return error.message;
  }
  return "It cannot be written as JSON.";
}

/** Reads what a callee sent; undefined when it is not ours, or of a later version with codes unknown here. */
export function readExtras(value: unknown): ErrorExtras | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { code, fix, problems, data, retryAfterSec } = value as Partial<ErrorExtras>;
  if (typeof code !== "string" || !Object.hasOwn(catalogue, code)) return undefined;
  return {
    code,
    ...(typeof fix === "string" && { fix }),
    ...(Array.isArray(problems) && { problems: problems.filter(isProblem) }),
    ...(data !== undefined && { data }),
    ...(typeof retryAfterSec === "number" && { retryAfterSec }),
  };
}

/** The error of our own class that a callee raised. */
export function reviveError(message: string, extras: ErrorExtras, origin: RemoteError): ChainsError {
  const { code, retryAfterSec, ...rest } = extras;
  const options = { ...rest, cause: origin };
  if (code === "HTTP_ERROR" && isErrorStatus(origin.status)) {
    return new HttpError(origin.status, message, {
      ...options,
      ...(retryAfterSec !== undefined && { retryAfterSec }),
    });
  }
  if (code === "NON_RETRYABLE") return new NonRetryableError(message, options);
  return new ChainsError(code, message, options);
}

function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && typeof (value as Problem).message === "string";
}
