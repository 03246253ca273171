import { ChainsError } from "@truss-chains/errors";
import type { RemoteErrorDetail } from "./remote-error-detail.ts";

export interface RemoteErrorInit {
  /** Class name of the chainlet that was called. */
  readonly dependency: string;
  readonly status: number;
  /** What it said of the error; undefined when the answer was not one of a chainlet. */
  readonly remote: RemoteErrorDetail | undefined;
}

/**
 * A dependency answered with an error. The message shows the errors of the whole chain, the root at the bottom; `remote`
 * holds what the dependency itself said. An error of one of our own classes arrives as that class, with a
 * `RemoteError` as its `cause`.
 */
export class RemoteError extends ChainsError {
  override readonly name = "RemoteError";
  readonly dependency: string;
  readonly status: number;
  readonly remote: RemoteErrorDetail | undefined;

  constructor(message: string, init: RemoteErrorInit) {
    super("REMOTE_ERROR", message);
    this.dependency = init.dependency;
    this.status = init.status;
    this.remote = init.remote;
  }
}
