/**
 * Ends a call, once. It has a signal only when someone asks for one: making one costs more than all else that a call
 * needs here, and most endpoints never look at it.
 */
export class Cancellation {
  #controller: AbortController | undefined;
  #aborted: { readonly reason: unknown } | undefined;

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#aborted) this.#controller.abort(this.#aborted.reason);
    }
    return this.#controller.signal;
  }

  abort(reason: unknown): void {
    if (this.#aborted) return;
    this.#aborted = { reason };
    this.#controller?.abort(reason);
  }

  /** Aborts with a signal. @returns lets go of it. */
  follow(signal: AbortSignal): () => void {
    const onAbort = (): void => this.abort(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
    return () => signal.removeEventListener("abort", onAbort);
  }
}

/** A call whose server can end it without a signal. */
export interface Cancellable {
  readonly cancellation?: Cancellation;
}
