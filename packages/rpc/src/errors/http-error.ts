import { ChainsError } from "@truss-chains/errors";

export interface HttpErrorOptions {
  readonly fix?: string;
  /** Plain JSON data for the callers, however many hops away. */
  readonly data?: unknown;
  /** When callers may try again; sent as `Retry-After`. */
  readonly retryAfterSec?: number;
  readonly cause?: unknown;
}

/**
 * An error with an HTTP status of its own: `throw new HttpError(404, "There is no document 7.")`. The status reaches
 * the client however many chainlets are in between, unless one of them catches it. Python chainlets see FastAPI's
 * `HTTPException`, and theirs arrives here as this.
 */
export class HttpError extends ChainsError {
  override readonly name = "HttpError";
  /** 400 to 599. */
  readonly status: number;
  readonly retryAfterSec: number | undefined;

  /** @throws ChainsError `USAGE` when the status is not that of an error. */
  constructor(status: number, message: string, options: HttpErrorOptions = {}) {
    const { retryAfterSec, ...rest } = options;
    super("HTTP_ERROR", message, rest);
    if (!isErrorStatus(status)) {
      throw new ChainsError("USAGE", `${status} is not the HTTP status of an error.`, {
        fix: "Give a status from 400 to 599.",
      });
    }
    this.status = status;
    this.retryAfterSec = retryAfterSec;
  }
}

/** Whether this is the HTTP status of an error. */
export function isErrorStatus(status: unknown): status is number {
  return Number.isInteger(status) && Number(status) >= 400 && Number(status) <= 599;
}
