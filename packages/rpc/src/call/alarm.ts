import { AsyncResource } from "node:async_hooks";

/** Node fires a longer timer at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** Something to do at a moment that mostly never comes. */
export interface Alarm {
  /** Rings so many milliseconds from now instead. */
  postpone(ms: number): void;
  cancel(): void;
}

/**
 * Any number of alarms on one timer. Each call has several limits, and nearly all are called off within milliseconds: a
 * timer of Node's for each would cost more than the parsing of a small body.
 */
class AlarmClock {
  readonly #set = new Set<Entry>();
  // What a timer does runs on behalf of whoever made it, which here must not be the request that happened to come first.
  readonly #nobody = new AsyncResource("AlarmClock", { requireManualDestroy: true });
  #timer: NodeJS.Timeout | undefined;
  #wakeAt = Number.POSITIVE_INFINITY;

  /** @param ring must not throw. */
  set(ms: number, ring: () => void): Alarm {
    const entry = new Entry(this, performance.now() + ms, ring);
    if (this.#set.size === 0) this.#timer?.ref();
    this.#set.add(entry);
    this.#wakeBy(entry.at);
    return entry;
  }

  drop(entry: Entry): void {
    // A timer that nobody waits for stays, since the next alarm follows soon; it does not keep the process alive.
    if (this.#set.delete(entry) && this.#set.size === 0) this.#timer?.unref();
  }

  move(entry: Entry, at: number): void {
    entry.at = at;
    if (this.#set.has(entry)) this.#wakeBy(at);
  }

  #wakeBy(at: number): void {
    if (at >= this.#wakeAt) return;
    clearTimeout(this.#timer);
    this.#wakeAt = at;
    const ms = Math.min(Math.max(1, Math.ceil(at - performance.now())), LONGEST_MS);
    this.#timer = this.#nobody.runInAsyncScope(() => setTimeout(() => this.#wake(), ms));
  }

  #wake(): void {
    this.#timer = undefined;
    this.#wakeAt = Number.POSITIVE_INFINITY;
    const now = performance.now();
    let next = Number.POSITIVE_INFINITY;
    for (const entry of this.#set) {
      if (entry.at <= now) {
        this.#set.delete(entry);
        entry.ring();
      } else if (entry.at < next) next = entry.at;
    }
    if (next < Number.POSITIVE_INFINITY) this.#wakeBy(next);
  }
}

class Entry implements Alarm {
  readonly #clock: AlarmClock;
  readonly ring: () => void;
  at: number;

  constructor(clock: AlarmClock, at: number, ring: () => void) {
    this.#clock = clock;
    this.at = at;
    this.ring = ring;
  }

  postpone(ms: number): void {
    this.#clock.move(this, performance.now() + ms);
  }

  cancel(): void {
    this.#clock.drop(this);
  }
}

const clock = new AlarmClock();

/**
 * Does something after a time, unless it is called off before, which is what nearly always happens.
 *
 * @param ring must not throw. Runs on behalf of no request.
 */
export function setAlarm(ms: number, ring: () => void): Alarm {
  return clock.set(ms, ring);
}
