import { Cancellation } from "@truss-chains/rpc";

/** The requests that are being served, so that a shutdown can wait for them, and end them when it cannot. */
export class InFlight {
  readonly #requests = new Set<Cancellation>();
  #whenIdle: (() => void) | undefined;

  /** Set by a shutdown: connections are not kept for another request. */
  draining = false;

  get size(): number {
    return this.#requests.size;
  }

  /** A request begins; the cancellation ends it. */
  open(): Cancellation {
    const cancellation = new Cancellation();
    this.#requests.add(cancellation);
    return cancellation;
  }

  close(cancellation: Cancellation): void {
    this.#requests.delete(cancellation);
    if (this.#requests.size === 0) this.#whenIdle?.();
  }

  /** Resolves when no request is left. */
  idle(): Promise<void> {
    if (this.#requests.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenIdle = resolve;
    });
  }

  abortAll(reason: unknown): void {
    for (const cancellation of this.#requests) cancellation.abort(reason);
  }
}
