/** How an attempt ended. */
export interface CallOutcome {
  /** From the moment the attempt had its turn to the end of the answer, the whole stream included. */
  readonly durationMs: number;
}

/**
 * Is told of every attempt to call one dependency, in this order: `queued`, `started`, `finished`; one that was given up
 * while it waited is `abandoned` in place of the last two. What it throws fails the call, which holds no slot then.
 */
export interface CallObserver {
  queued(): void;
  started(waitedMs: number): void;
  finished(outcome: CallOutcome): void;
  abandoned(): void;
  /** An attempt failed, and another follows after a pause. */
  retrying(attempt: number, delayMs: number, error: unknown): void;
}

export const NO_OBSERVER: CallObserver = {
  queued() {},
  started() {},
  finished() {},
  abandoned() {},
  retrying() {},
};
