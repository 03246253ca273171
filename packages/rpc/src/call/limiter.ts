interface Waiter {
  readonly admit: () => void;
}

/** Lets a number of calls pass at a time; the others wait in the order in which they came. */
export class Limiter {
  readonly #limit: number;
  // A Set keeps the order, and lets a waiter that gave up leave from the middle.
  readonly #waiting = new Set<Waiter>();
  #active = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes a slot if one is free and nobody waits for it. */
  tryEnter(): boolean {
    if (this.#active >= this.#limit || this.#waiting.size > 0) return false;
    this.#active++;
    return true;
  }

  /** Waits for a slot. Rejects with the signal's reason; no slot is held then. */
  enter(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const onAbort = () => {
        this.#waiting.delete(waiter);
        reject(signal.reason);
      };
      const waiter: Waiter = {
        admit: () => {
          signal.removeEventListener("abort", onAbort);
          resolve();
        },
      };
      signal.addEventListener("abort", onAbort, { once: true });
      this.#waiting.add(waiter);
    });
  }

  /** Gives a slot back: to the first who waits, if anyone does. */
  leave(): void {
    for (const waiter of this.#waiting) {
      this.#waiting.delete(waiter);
      waiter.admit();
      return;
    }
    this.#active--;
  }
}
