import { Cancellation } from "@truss-chains/rpc";

/** Ends one request that is being served. */
class ServedCancellation extends Cancellation {
  /** Its place among those of all requests. */
  place: number;

  constructor(place: number) {
    super();
    this.place = place;
  }
}

/** The requests that are being served, so that a shutdown can wait for them, and end them when it cannot. */
export class InFlight {
  // A list in which each knows its place: it costs less than a set, and every request comes and goes.
  readonly #requests: ServedCancellation[] = [];
  #whenIdle: (() => void) | undefined;

  /** Set by a shutdown: connections are not kept for another request. */
  draining = false;

  get size(): number {
    return this.#requests.length;
  }

  /** A request begins; the cancellation ends it. */
  open(): ServedCancellation {
    const cancellation = new ServedCancellation(this.#requests.length);
    this.#requests.push(cancellation);
    return cancellation;
  }

  /** A request is over. The last in the list takes its place. */
  close(cancellation: ServedCancellation): void {
    const { place } = cancellation;
    if (this.#requests[place] !== cancellation) return;
    const last = this.#requests.pop()!;
    if (last !== cancellation) {
      this.#requests[place] = last;
      last.place = place;
    }
    if (this.#requests.length === 0) this.#whenIdle?.();
  }

  /** Resolves when no request is left. */
  idle(): Promise<void> {
    if (this.#requests.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenIdle = resolve;
    });
  }

  abortAll(reason: unknown): void {
    for (const cancellation of [...this.#requests]) cancellation.abort(reason);
  }
}
