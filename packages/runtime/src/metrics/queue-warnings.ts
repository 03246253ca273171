import type { CallObserver } from "@truss-chains/rpc";
import type { LogFields } from "../logs/logger.ts";

/** As in the Python package: what is looked at, what counts as waiting, and how often it is told. */
const LAST_CALLS = 1_000;
const LONG_MS = 1;
const PAUSE_MS = 300_000;

export type OnQueue = (message: string, fields: LogFields) => void;

/**
 * An observer that also warns when a tenth of the last calls to a dependency had to wait for their turn, at most every five
 * minutes.
 *
 * @param now a monotonic clock in milliseconds.
 */
export function warnOfQueue(
  dependency: string,
  observer: CallObserver,
  onQueue: OnQueue,
  now: () => number = () => performance.now(),
): CallObserver {
  const queue = new Queue();
  return {
    queued() {
      observer.queued();
      queue.waiting++;
    },
    started(waitedMs) {
      observer.started(waitedMs);
      queue.waiting--;
      queue.ongoing++;
      queue.add(waitedMs);
      if (waitedMs < LONG_MS || !queue.isLong || now() < queue.silentUntil) return;
      queue.silentUntil = now() + PAUSE_MS;
      onQueue(...warningOf(dependency, queue));
    },
    finished(outcome) {
      observer.finished(outcome);
      queue.ongoing--;
    },
    abandoned() {
      observer.abandoned();
      queue.waiting--;
    },
    retrying: (...attempt) => observer.retrying(...attempt),
  };
}

/** How long the last calls to one dependency waited, and how many do now. */
class Queue {
  waiting = 0;
  ongoing = 0;
  silentUntil = Number.NEGATIVE_INFINITY;
  readonly #waits = new Float64Array(LAST_CALLS);
  #seen = 0;
  #long = 0;

  add(waitedMs: number): void {
    const at = this.#seen++ % LAST_CALLS;
    if (this.#waits[at]! >= LONG_MS) this.#long--;
    if (waitedMs >= LONG_MS) this.#long++;
    this.#waits[at] = waitedMs;
  }

  get calls(): number {
    return Math.min(this.#seen, LAST_CALLS);
  }

  /** Calls that waited for long. */
  get long(): number {
    return this.#long;
  }

  /** Whether the 90th percentile is long; the median never is without it. */
  get isLong(): boolean {
    return this.#long * 10 >= this.calls;
  }

  percentile(share: number): number {
    const sorted = this.#waits.slice(0, this.calls).sort();
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
  }
}

function warningOf(dependency: string, queue: Queue): [message: string, fields: LogFields] {
  const [median, p90] = [queue.percentile(0.5), queue.percentile(0.9)].map((ms) => Math.round(ms * 10) / 10);
  const { ongoing, waiting, calls, long } = queue;
  return [
    `Calls to ${dependency} wait for each other: ${ongoing} under way, ${waiting} waiting. Of the last ${calls}, ${long} waited for more than ${LONG_MS} ms (median ${median} ms, 90th percentile ${p90} ms). Raise concurrencyLimit of the dependency, or give ${dependency} more replicas.`,
    { dependency, ongoing, waiting, calls, waited: long, median_ms: median, p90_ms: p90 },
  ];
}
