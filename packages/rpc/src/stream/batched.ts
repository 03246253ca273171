import type { ByteBatch } from "./byte-batch.ts";

/** Produces a stream piece by piece into a batch. */
export interface BatchSource {
  readonly batch: ByteBatch;
  /** Adds one item, if there is one; resolves to false at the end. */
  pull(): Promise<boolean>;
  /** The consumer wants no more. */
  cancel(): Promise<void>;
}

/** A batch that is this large waits for the consumer before more is produced. */
const HIGH_WATER_BYTES = 32 * 1024;

/**
 * Sends what is produced in pieces of many items: all that comes within one turn of the event loop goes out together,
 * so that a fast producer is not slowed by a write for each item, and a slow one waits for nothing. No more than one
 * batch is produced ahead of the consumer.
 */
export class BatchedBytes implements AsyncIterableIterator<Uint8Array> {
  readonly #source: BatchSource;
  #waiter: { resolve(result: IteratorResult<Uint8Array>): void; reject(reason: unknown): void } | undefined;
  #pulling = false;
  #flushScheduled = false;
  #done = false;
  #failure: { readonly reason: unknown } | undefined;

  constructor(source: BatchSource) {
    this.#source = source;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    return new Promise((resolve, reject) => {
      this.#waiter = { resolve, reject };
      if (this.#source.batch.bytes >= HIGH_WATER_BYTES || this.#done || this.#failure) this.#flush();
      else if (this.#source.batch.bytes > 0) this.#scheduleFlush();
      this.#pull();
    });
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    this.#done = true;
    this.#source.batch.take();
    this.#waiter?.resolve({ done: true, value: undefined });
    this.#waiter = undefined;
    await this.#source.cancel();
    return { done: true, value: undefined };
  }

  #pull(): void {
    if (this.#pulling || this.#done || this.#failure) return;
    this.#pulling = true;
    this.#source.pull().then(this.#onPulled, this.#onFailed);
  }

  readonly #onPulled = (more: boolean): void => {
    this.#pulling = false;
    if (!more) {
      this.#done = true;
      this.#flush();
    } else if (this.#source.batch.bytes >= HIGH_WATER_BYTES) {
      this.#flush();
      if (this.#source.batch.bytes === 0) this.#pull();
    } else {
      if (this.#source.batch.bytes > 0) this.#scheduleFlush();
      this.#pull();
    }
  };

  readonly #onFailed = (reason: unknown): void => {
    this.#pulling = false;
    this.#failure = { reason };
    this.#flush();
  };

  #scheduleFlush(): void {
    if (this.#flushScheduled) return;
    this.#flushScheduled = true;
    setImmediate(this.#onTurn);
  }

  readonly #onTurn = (): void => {
    this.#flushScheduled = false;
    this.#flush();
  };

  #flush(): void {
    const waiter = this.#waiter;
    if (!waiter) return;
    if (this.#source.batch.bytes > 0) {
      this.#waiter = undefined;
      waiter.resolve({ done: false, value: this.#source.batch.take() });
    } else if (this.#failure) {
      this.#waiter = undefined;
      waiter.reject(this.#failure.reason);
    } else if (this.#done) {
      this.#waiter = undefined;
      waiter.resolve({ done: true, value: undefined });
    }
  }
}
