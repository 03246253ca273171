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
  // A ring of all that are set: taking one out of a Set costs more, and that is what is done most.
  readonly #ends = new Link();
  // What a timer does runs on behalf of whoever made it, which here must not be the request that happened to come first.
  readonly #nobody = new AsyncResource("AlarmClock", { requireManualDestroy: true });
  #timer: NodeJS.Timeout | undefined;
  #wakeAt = Number.POSITIVE_INFINITY;

  /** @param ring must not throw. */
  set(ms: number, ring: () => void): Alarm {
    const entry = new Entry(this, performance.now() + ms, ring);
    if (this.#ends.isAlone) this.#timer?.ref();
    entry.insertBefore(this.#ends);
    this.#wakeBy(entry.at);
    return entry;
  }

  drop(entry: Entry): void {
    if (entry.isAlone) return;
    entry.takeOut();
    // A timer that nobody waits for stays, since the next alarm follows soon; it does not keep the process alive.
    if (this.#ends.isAlone) this.#timer?.unref();
  }

  move(entry: Entry, at: number): void {
    entry.at = at;
    if (!entry.isAlone) this.#wakeBy(at);
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
    const due: Entry[] = [];
    for (let link = this.#ends.after; link !== this.#ends; link = link.after) {
      const entry = link as Entry;
      if (entry.at <= now) due.push(entry);
      else if (entry.at < next) next = entry.at;
    }
    if (next < Number.POSITIVE_INFINITY) this.#wakeBy(next);
    for (const entry of due) {
      // One that rang before it may have called it off.
      if (entry.isAlone) continue;
      entry.takeOut();
      entry.ring();
    }
  }
}

/** A place in a ring. */
class Link {
  before: Link = this;
  after: Link = this;

  get isAlone(): boolean {
    return this.after === this;
  }

  insertBefore(link: Link): void {
    this.before = link.before;
    this.after = link;
    link.before.after = this;
    link.before = this;
  }

  takeOut(): void {
    this.before.after = this.after;
    this.after.before = this.before;
    this.before = this;
    this.after = this;
  }
}

class Entry extends Link implements Alarm {
  readonly #clock: AlarmClock;
  readonly ring: () => void;
  at: number;

  constructor(clock: AlarmClock, at: number, ring: () => void) {
    super();
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
