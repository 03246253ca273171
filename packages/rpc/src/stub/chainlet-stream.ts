import type { DependencyDescriptor } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";
import type { Caller, OpenCall, OutgoingCall } from "../call/caller.ts";
import type { CallLimits } from "../call/limits.ts";
import { ofDependency } from "../call/of-dependency.ts";
import { decodeStream } from "../stream/decode-stream.ts";
import { isItemFormat, STREAM_HEADER } from "../stream/stream-header.ts";
import type { ContractSkew } from "./contract-skew.ts";
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
  readonly #skew: ContractSkew | undefined;
  #opening: Promise<void> | undefined;
  #filling: Promise<void> | undefined;
  #open: OpenCall | undefined;
  #batches: AsyncIterator<unknown[]> | undefined;
  #batch: readonly unknown[] = [];
  #at = 0;
  #over = false;
  readonly #left = new AbortController();

  constructor(dependency: DependencyDescriptor, caller: Caller, call: OutgoingCall, skew?: ContractSkew) {
    this.#dependency = dependency;
    this.#caller = caller;
    const { limits } = call;
    this.#call = { ...call, limits: { ...limits, signals: [...limits.signals, this.#left.signal] } };
    this.#skew = skew;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<unknown>> {
    if (!this.#filling && this.#at < this.#batch.length) return Promise.resolve(this.#take());
    return this.nextOfBatches();
  }

  /** Ends the call, whether it is being opened or its next item is waited for. */
  async return(): Promise<IteratorResult<unknown>> {
    this.#batch = [];
    if (this.#over) return DONE;
    this.#over = true;
    this.#left.abort(new ChainsError("CALL_ABORTED", `The stream of ${this.#dependency.name} was left.`));
    await this.#filling;
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
      const { value, done } = await this.#read();
      if (done) return this.#end();
      if (this.#over) return;
      this.#batch = value;
      this.#at = 0;
    } catch (error) {
      // Nobody waits for what is left.
      if (this.#left.signal.aborted) return;
      this.#end();
      throw error;
    } finally {
      this.#filling = undefined;
    }
  }

  async #read(): Promise<IteratorResult<unknown[]>> {
    try {
      return await this.#batches!.next();
    } catch (error) {
      throw whyOf(error, this.#dependency.name, this.#call.limits);
    }
  }

  #end(): void {
    this.#over = true;
    this.#open?.finish();
  }

  async #begin(): Promise<void> {
    const open = await this.#connect();
    this.#open = open;
    const { headers, body } = open.response;
    const format = headers[STREAM_HEADER];
    const { name } = this.#dependency;
    const batches = isItemFormat(format)
      ? decodeStream(body, { format, dependency: name, traceparent: this.#call.headers.traceparent ?? "" })
      : foreignItems(this.#dependency, body);
    const served = this.#skew?.servedHash(headers);
    this.#batches = served === undefined ? batches : checkedItems(this.#skew!, served, batches);
  }

  async #connect(): Promise<OpenCall> {
    try {
      return await this.#caller.open(this.#call);
    } catch (error) {
      throw this.#skew ? this.#skew.explainRefusal(error) : error;
    }
  }
}

/** Why the rest of a stream did not come. A transport knows that a call was aborted, but not whose limit it was. */
function whyOf(error: unknown, name: string, { signals }: CallLimits): unknown {
  if (!(error instanceof ChainsError)) return error;
  const why = error.code === "CALL_ABORTED" && error.cause instanceof ChainsError ? error.cause : error;
  const isOurs = !signals.some(({ reason }) => reason === why);
  return isOurs ? ofDependency(why, name) : why;
}

/** The items of a callee that was built with other schemas than this caller. */
async function* checkedItems(
  skew: ContractSkew,
  served: string,
  batches: AsyncIterable<unknown[]>,
): AsyncGenerator<unknown[], void, undefined> {
  try {
    for await (const batch of batches) {
      const fitting: unknown[] = [];
      for (const item of batch) {
        const misfit = skew.misfit(item, "An item");
        if (misfit && fitting.length > 0) yield fitting;
        if (misfit) throw misfit;
        fitting.push(item);
      }
      yield fitting;
    }
  } catch (error) {
    throw await skew.explain(served, error);
  }
}
