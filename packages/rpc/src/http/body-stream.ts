/** How much of a body waits for its reader before the sender is held back. */
const HIGH_WATER_BYTES = 128 * 1024;

export interface Flow {
  pause(): void;
  resume(): void;
  /** The reader wants no more. */
  abandon(): void;
}

type Waiter = { resolve(result: IteratorResult<Uint8Array>): void; reject(reason: unknown): void };

/** A body that is read as it arrives, no faster than its reader takes it. */
export class BodyStream implements AsyncIterableIterator<Uint8Array> {
  readonly #flow: Flow;
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  #paused = false;
  #end: { readonly error: unknown } | undefined;
  #waiter: Waiter | undefined;

  constructor(flow: Flow) {
    this.#flow = flow;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  push(piece: Uint8Array): void {
    const waiter = this.#waiter;
    if (waiter) {
      this.#waiter = undefined;
      waiter.resolve({ done: false, value: piece });
      return;
    }
    this.#pieces.push(piece);
    this.#bytes += piece.byteLength;
    if (this.#bytes >= HIGH_WATER_BYTES && !this.#paused) {
      this.#paused = true;
      this.#flow.pause();
    }
  }

  /** @param error why the rest will not come; undefined when there is none. */
  end(error?: unknown): void {
    this.#end ??= { error };
    const waiter = this.#waiter;
    this.#waiter = undefined;
    if (waiter) this.#settle(waiter);
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    if (this.#pieces.length > 0) return Promise.resolve({ done: false, value: this.#takeAll() });
    return new Promise((resolve, reject) => {
      if (this.#end) this.#settle({ resolve, reject });
      else this.#waiter = { resolve, reject };
    });
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    this.#pieces = [];
    if (!this.#end) {
      this.end();
      this.#flow.abandon();
    }
    return { done: true, value: undefined };
  }

  #settle({ resolve, reject }: Waiter): void {
    if (this.#end?.error === undefined) resolve({ done: true, value: undefined });
    else reject(this.#end.error);
  }

  #takeAll(): Uint8Array {
    const piece = this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces, this.#bytes);
    this.#pieces = [];
    this.#bytes = 0;
    if (this.#paused) {
      this.#paused = false;
      this.#flow.resume();
    }
    return piece;
  }
}
