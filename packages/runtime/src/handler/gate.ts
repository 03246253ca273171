import { ChainsError } from "@truss-chains/errors";

export interface GateLimits {
  /** Holders at a time. */
  readonly concurrency: number;
  /** Requests that may wait for their turn. */
  readonly waiting: number;
  /** Bytes of request bodies that may wait. One request may always wait, whatever its size. */
  readonly waitingBytes: number;
}

/** Who wants a turn. The signal is only asked for when there is none at once. */
export interface Caller {
  readonly signal: AbortSignal | undefined;
}

interface Waiter {
  readonly bytes: number;
  readonly enter: () => void;
}

/** Lets a limited number of requests through, in the order of their arrival, and keeps a bounded queue. */
export class Gate {
  readonly #limits: GateLimits;
  readonly #queue = new Set<Waiter>();
  #held = 0;
  #waitingBytes = 0;

  constructor(limits: GateLimits) {
    this.#limits = limits;
  }

  /** Requests inside. */
  get held(): number {
    return this.#held;
  }

  get waiting(): number {
    return this.#queue.size;
  }

  /**
   * Resolves when it is the request's turn, undefined when that is now. Every turn must end with `leave`.
   *
   * @throws ChainsError `OVERLOADED` when the queue is full; the signal's reason when it fires first, without a turn.
   */
  enter(bytes: number, caller: Caller): Promise<void> | undefined {
    if (this.#held < this.#limits.concurrency && this.#queue.size === 0) {
      this.#held++;
      return undefined;
    }
    const { waiting, waitingBytes } = this.#limits;
    const full = this.#queue.size >= waiting;
    if (full || (this.#queue.size > 0 && this.#waitingBytes + bytes > waitingBytes)) {
      const why = full ? `${this.#queue.size} requests` : `${this.#waitingBytes} bytes of requests`;
      throw new ChainsError(
        "OVERLOADED",
        `This replica serves ${this.#held} requests, and ${why} wait already.`,
        {
          fix: "Send fewer calls at a time, or deploy more replicas.",
        },
      );
    }
    const { signal } = caller;
    signal?.throwIfAborted();
    return this.#wait(bytes, signal);
  }

  /** Ends a turn. */
  leave(): void {
    this.#held--;
    const [next] = this.#queue;
    if (next) next.enter();
  }

  #wait(bytes: number, signal: AbortSignal | undefined): Promise<void> {
    this.#waitingBytes += bytes;
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.#forget(waiter);
        reject(signal!.reason);
      };
      const waiter: Waiter = {
        bytes,
        enter: () => {
          signal?.removeEventListener("abort", abort);
          this.#forget(waiter);
          this.#held++;
          resolve();
        },
      };
      this.#queue.add(waiter);
      signal?.addEventListener("abort", abort, { once: true });
    });
  }

  #forget(waiter: Waiter): void {
    this.#queue.delete(waiter);
    this.#waitingBytes -= waiter.bytes;
  }
}
