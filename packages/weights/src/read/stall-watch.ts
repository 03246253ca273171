/** Below this many bytes in a whole period a connection counts as dead: a trickle would hold its range forever. */
const TRICKLE = 16 * 1024;

/** Calls `onStall` once when what `received` returns hardly grows for `periodMs`. */
export class StallWatch {
  readonly #timer: NodeJS.Timeout;

  constructor(periodMs: number, received: () => number, onStall: () => void) {
    let before = received();
    this.#timer = setInterval(() => {
      const now = received();
      if (now - before < TRICKLE) {
        this.stop();
        onStall();
      }
      before = now;
    }, periodMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
