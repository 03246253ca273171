import type { WireRequest } from "../transport.ts";
import type { Cancellation } from "./cancellation.ts";

/**
 * A request whose signal is made when someone asks for it. A class and not an object literal with a getter: each
 * evaluation of such a literal makes a hidden class of its own, which is never shared, and slows down whatever reads it.
 */
export class CancellableRequest implements WireRequest {
  readonly headers: WireRequest["headers"];
  readonly body: WireRequest["body"];
  readonly cancellation: Cancellation;
  readonly whole: boolean;

  constructor(
    headers: WireRequest["headers"],
    body: WireRequest["body"],
    cancellation: Cancellation,
    { whole = false }: { readonly whole?: boolean } = {},
  ) {
    this.headers = headers;
    this.body = body;
    this.cancellation = cancellation;
    this.whole = whole;
  }

  get signal(): AbortSignal {
    return this.cancellation.signal;
  }
}
