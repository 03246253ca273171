import type { DependencyDescriptor } from "@truss-chains/core";
import type { Caller, OpenCall, OutgoingCall } from "../call/caller.ts";
import { decodeStream } from "../stream/decode-stream.ts";
import { isItemFormat, STREAM_HEADER } from "../stream/stream-header.ts";
import { foreignItems } from "./foreign-items.ts";

const DONE = { done: true, value: undefined } as const;

/**
 * The answer of a streaming dependency. The call goes out when the first item is asked for, and holds its slot until the
 * stream ends, fails, or is left early.
 */
export class ChainletStream implements AsyncIterableIterator<unknown> {
  readonly #dependency: DependencyDescriptor;
  readonly #caller: Caller;
  readonly #call: OutgoingCall;
  #opening: Promise<void> | undefined;
  #filling: Promise<void> | undefined;
  #open: OpenCall | undefined;
  #batches: AsyncIterator<unknown[]> | undefined;
  #batch: readonly unknown[] = [];
  #at = 0;
  #over = false;

  constructor(dependency: DependencyDescriptor, caller: Caller, call: OutgoingCall) {
    this.#dependency = dependency;
    this.#caller = caller;
    this.#call = call;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<unknown>> {
    if (!this.#filling && this.#at < this.#batch.length) return Promise.resolve(this.#take());
    return this.nextOfBatches();
  }

  async return(): Promise<IteratorResult<unknown>> {
    this.#over = true;
    this.#batch = [];
    await this.#batches?.return?.();
    this.#end();
    return DONE;
  }

  #take(): IteratorResult<unknown> {
    return { done: false, value: this.#batch[this.#at++] };
  }

  /** @internal Not private: V8 shows private methods without their class. */
  async nextOfBatches(): Promise<IteratorResult<unknown>> {
    while (this.#at >= this.#batch.length) {
      if (this.#over) return DONE;
      // Several may be waiting for the same batch.
      this.#filling ??= this.#fill();
      await this.#filling;
    }
    return this.#take();
  }

  async #fill(): Promise<void> {
    try {
      this.#opening ??= this.#begin();
      await this.#opening;
      const { value, done } = await this.#batches!.next();
      if (done) this.#end();
      else {
        this.#batch = value;
        this.#at = 0;
      }
    } catch (error) {
      this.#end(error);
      throw error;
    } finally {
      this.#filling = undefined;
    }
  }

  #end(error?: unknown): void {
    this.#over = true;
    this.#open?.finish(error);
  }

  async #begin(): Promise<void> {
    const open = await this.#caller.open(this.#call);
    this.#open = open;
    const { headers, body } = open.response;
    const format = headers[STREAM_HEADER];
    const { name } = this.#dependency;
    this.#batches = isItemFormat(format)
      ? decodeStream(body, { format, dependency: name, traceparent: this.#call.headers.traceparent ?? "" })
      : foreignItems(this.#dependency, body);
    // Left while it was being opened.
    if (this.#over) await this.return();
  }
}
