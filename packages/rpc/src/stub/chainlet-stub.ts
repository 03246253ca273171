import type { CallOptions, DependencyDescriptor } from "@truss-chains/core";
import { Caller, type CallerOptions } from "../call/caller.ts";
import { jsonCodec, msgpackCodec } from "../codec/codec.ts";
import { currentRequestScope } from "../request-scope.ts";
import { ChainletStream } from "./chainlet-stream.ts";
import { type CallTemplate, outgoingCall } from "./outgoing-call.ts";
import { readAnswer } from "./read-answer.ts";

/** A dependency, as the chainlet that depends on it sees it. The class name marks where frames of the author begin. */
export class ChainletStub {
  readonly #dependency: DependencyDescriptor;
  readonly #caller: Caller;
  readonly #template: CallTemplate;

  constructor(dependency: DependencyDescriptor, callerOptions: CallerOptions) {
    const { useBinary, retries } = callerOptions.options;
    this.#dependency = dependency;
    this.#caller = new Caller(callerOptions);
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
    const open = await this.#caller.open(call);
    open.finish();
    const { name, schemas } = this.#dependency;
    const answer = readAnswer(name, open.response, this.#template.codec, schemas.output);
    return schemas.output ? await answer : answer;
  }

  /** @internal */
  openStream(input: unknown, options: CallOptions | undefined): AsyncIterable<unknown> {
    const call = outgoingCall(this.#template, { input, options, scope: currentRequestScope(), whole: false });
    return new ChainletStream(this.#dependency, this.#caller, call);
  }
}
