/** Enough to keep two cores busy with small files that are near, and half a second less to find out how many a delay takes. */
const START = 16;
const WINDOW_MS = 500;
/** Twice the connections must bring at least this much more, else they only cost. */
const WORTHWHILE = 1.15;
/** After this many quiet windows another attempt is made: networks change. */
const RETRY_WINDOWS = 20;

/**
 * How many connections to hold open. Doubles while doubling brings more bytes a second, goes back when it does not,
 * and halves when the origin says it is too much. Times are milliseconds of any monotonic clock.
 */
export class ConnectionLimit {
  #current: number;
  #windowStart: number | undefined;
  #bytes = 0;
  #best = 0;
  #beforeProbe: number | undefined;
  #quiet = 0;

  constructor(private readonly most: number) {
    this.#current = Math.min(START, most);
  }

  get current(): number {
    return this.#current;
  }

  /** @param saturated whether all allowed connections were busy: only then a window says anything */
  record(bytes: number, now: number, saturated: boolean): void {
    if (this.#windowStart === undefined) {
      // What came before the first window says nothing about its speed.
      this.#windowStart = now;
      return;
    }
    this.#bytes += bytes;
    const elapsed = now - this.#windowStart;
    if (elapsed < WINDOW_MS) return;
    const speed = this.#bytes / elapsed;
    this.#windowStart = now;
    this.#bytes = 0;
    if (saturated) this.#judge(speed);
  }

  /** The origin asked for less. */
  backOff(): void {
    this.#current = Math.max(1, Math.floor(this.#current / 2));
    this.#beforeProbe = undefined;
    this.#best = 0;
    this.#quiet = 0;
  }

  #judge(speed: number): void {
    if (this.#beforeProbe !== undefined && speed < this.#best * WORTHWHILE) {
      this.#current = this.#beforeProbe;
      this.#beforeProbe = undefined;
      this.#quiet = 0;
      return;
    }
    const settled = this.#beforeProbe === undefined && this.#best > 0;
    this.#best = settled ? (this.#best + speed) / 2 : speed;
    this.#beforeProbe = undefined;
    if (settled && ++this.#quiet < RETRY_WINDOWS) return;
    if (this.#current >= this.most) return;
    this.#quiet = 0;
    this.#beforeProbe = this.#current;
    this.#current = Math.min(this.#current * 2, this.most);
  }
}
