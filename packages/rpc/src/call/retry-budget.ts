const CAPACITY = 50;
const PER_SUCCESS = 0.25;
const PER_SECOND = 1;

/**
 * Keeps retries from storming a dependency that is down: a burst of 50 is free, then there is one retry for every four
 * calls that succeed, and one a second, so that a service with few calls is not left without.
 */
export class RetryBudget {
  readonly #now: () => number;
  #tokens = CAPACITY;
  #filledAt: number | undefined;

  /** @param now a monotonic clock in milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  onSuccess(): void {
    if (this.#tokens < CAPACITY) this.#tokens += PER_SUCCESS;
  }

  /** Takes a retry out of the budget; false when there is none left. */
  tryTake(): boolean {
    const now = this.#now();
    const refill = ((now - (this.#filledAt ?? now)) / 1000) * PER_SECOND;
    this.#tokens = Math.min(CAPACITY, this.#tokens + refill);
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
