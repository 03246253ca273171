import type { CallOptions, DependencyDescriptor } from "@truss-chains/core";
import { Caller, type CallerOptions, type OpenCall } from "../call/caller.ts";
import { jsonCodec, msgpackCodec } from "../codec/codec.ts";
import { currentRequestScope } from "../request-scope.ts";
import type { WireResponse } from "../transport.ts";
import { ChainletStream } from "./chainlet-stream.ts";
import { ContractSkew } from "./contract-skew.ts";
import { type CallTemplate, outgoingCall } from "./outgoing-call.ts";
import { readAnswer } from "./read-answer.ts";

/** A dependency, as the chainlet that depends on it sees it. The class name marks where frames of the author begin. */
export class ChainletStub {
  readonly #dependency: DependencyDescriptor;
  readonly #caller: Caller;
  readonly #template: CallTemplate;
  readonly #skew: ContractSkew | undefined;

  constructor(dependency: DependencyDescriptor, callerOptions: CallerOptions) {
    const { useBinary, retries } = callerOptions.options;
    this.#dependency = dependency;
    this.#caller = new Caller(callerOptions);
    this.#skew = ContractSkew.of(dependency, callerOptions.transport);
    this.#template = {
      dependency,
      codec: useBinary ? msgpackCodec : jsonCodec,
      retries,
      framed: dependency.endpoint === "stream",
    };
  }

  runRemote(...args: readonly unknown[]): Promise<unknown> | AsyncIterable<unknown> {
    const [input, options] = this.#dependency.takesInput === false ? [undefined, args[0]] : args;
    return this.#template.framed
      ? this.openStream(input, options as CallOptions | undefined)
      : this.callOnce(input, options as CallOptions | undefined);
  }

  /** @internal Not private: V8 shows private methods without their class. */
  async callOnce(input: unknown, options: CallOptions | undefined): Promise<unknown> {
    const call = outgoingCall(this.#template, { input, options, scope: currentRequestScope(), whole: true });
    let open: OpenCall;
    try {
      open = await this.#caller.open(call);
    } catch (error) {
      throw this.#skew ? this.#skew.explainRefusal(error) : error;
    }
    open.finish();
    const { response } = open;
    const served = this.#skew?.servedHash(response.headers);
    if (served !== undefined) return await this.#readSkewed(served, response);
    const answer = this.#read(response);
    return this.#dependency.schemas.output ? await answer : answer;
  }

  #read(response: WireResponse): unknown {
    const { name, schemas } = this.#dependency;
    return readAnswer(name, response, this.#template.codec, schemas.output);
  }

  /** The answer of a callee that was built with other schemas than this caller. */
  async #readSkewed(served: string, response: WireResponse): Promise<unknown> {
    const skew = this.#skew!;
    try {
      const answer = await this.#read(response);
      const misfit = skew.misfit(answer, "The answer");
      if (misfit) throw misfit;
      return answer;
    } catch (error) {
      throw await skew.explain(served, error);
    }
  }

  /** @internal */
  openStream(input: unknown, options: CallOptions | undefined): AsyncIterable<unknown> {
    const call = outgoingCall(this.#template, { input, options, scope: currentRequestScope(), whole: false });
    return new ChainletStream(this.#dependency, this.#caller, call, this.#skew);
  }
}
