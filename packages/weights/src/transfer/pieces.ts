import { type ByteRange, cut, RangeSet } from "./range-set.ts";

/** A part of a file that one request asks for. */
export interface Piece extends ByteRange {
  /** Tries without any progress so far. */
  readonly attempt: number;
  /** Milliseconds of `performance.now()`; not to be tried earlier. */
  readonly notBefore: number;
}

/** The bytes of one file: which are there, which are on their way, and which nobody has asked for yet. */
export class Pieces {
  #present = new RangeSet();
  #waiting: Piece[] = [];
  /** Up to where each piece that is on its way was written. */
  readonly #running = new Map<Piece, number>();
  /** Set while bytes of a version that is given up are still in flight: they may land on top of newer ones. */
  #draining = false;
  #most = Number.MAX_SAFE_INTEGER;

  constructor(private readonly size: number) {}

  /** Asks for all that is not `present`, at most `most` bytes at a time. */
  begin(present: readonly ByteRange[], most: number): void {
    this.#present = new RangeSet(present);
    this.#most = most;
    this.#fill();
  }

  /** Starts over, once nothing is in flight any more. */
  restart(most: number): void {
    this.#present = new RangeSet();
    this.#most = most;
    this.#waiting = [];
    this.#draining = this.running > 0;
    if (!this.#draining) this.#fill();
  }

  get running(): number {
    return this.#running.size;
  }

  get complete(): boolean {
    return !this.#draining && this.running === 0 && this.#present.bytes === this.size;
  }

  /** Bytes that nobody has asked for yet. */
  get waitingBytes(): number {
    return this.#waiting.reduce((sum, { start, end }) => sum + end - start, 0);
  }

  /** Bytes that are there, those in flight included. */
  get receivedBytes(): number {
    let bytes = this.#present.bytes;
    for (const [piece, written] of this.#running) bytes += written - piece.start;
    return bytes;
  }

  /** How many bytes are there without a gap, counted from the first one. */
  get frontier(): number {
    const { frontier } = this.#present;
    for (const [piece, written] of this.#running) if (piece.start === frontier) return written;
    return frontier;
  }

  /** When the next waiting piece may be tried; infinity when none waits. */
  get nextTry(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { notBefore } of this.#waiting) next = Math.min(next, notBefore);
    return next;
  }

  /** The next piece to ask for; `undefined` when all are taken or must wait. */
  take(now: number): Piece | undefined {
    const index = this.#waiting.findIndex((piece) => piece.notBefore <= now);
    if (index < 0) return undefined;
    const [piece] = this.#waiting.splice(index, 1);
    this.#running.set(piece!, piece!.start);
    return piece;
  }

  progressed(piece: Piece, written: number): void {
    this.#running.set(piece, written);
  }

  /**
   * Takes a piece back, whatever became of it.
   *
   * @returns up to where it was written; `null` when it belongs to a version that was given up
   */
  release(piece: Piece): number | null {
    const written = this.#running.get(piece) ?? piece.start;
    this.#running.delete(piece);
    if (!this.#draining) return written;
    if (this.running === 0) {
      this.#draining = false;
      this.#fill();
    }
    return null;
  }

  /** Takes note of bytes that are there. */
  add(range: ByteRange): void {
    this.#present.add(range);
  }

  /** Has a released piece asked for before all others. */
  putBack(piece: Piece): void {
    if (piece.start < piece.end) this.#waiting.unshift(piece);
  }

  #fill(): void {
    this.#waiting = cut(this.#present.gaps(this.size), this.#most).map((range) => ({
      ...range,
      attempt: 1,
      notBefore: 0,
    }));
  }
}
