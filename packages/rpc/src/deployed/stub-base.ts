import {
  type CallOptions,
  type DependencyDescriptor,
  type DeploymentContext,
  RPCOptions,
  type RPCOptionsInit,
  type Schema,
  type SchemaOutput,
  type ServiceDescriptor,
} from "@truss-chains/core";
import { Caller } from "../call/caller.ts";
import { NO_OBSERVER } from "../call/observer.ts";
import { jsonCodec, msgpackCodec } from "../codec/codec.ts";
import { createHttpTransport } from "../http/create-http-transport.ts";
import { currentRequestScope } from "../request-scope.ts";
import { ChainletStream } from "../stub/chainlet-stream.ts";
import { type CallTemplate, outgoingCall } from "../stub/outgoing-call.ts";
import { readAnswer } from "../stub/read-answer.ts";
import type { Transport } from "../transport.ts";
import { addressOf } from "./address.ts";
import { currentInstruments } from "./instruments.ts";

export interface PredictOptions<S extends Schema | undefined = Schema | undefined> extends CallOptions {
  /** Checks the answer; without it, the answer is what came. */
  readonly output?: S;
}

type Predicted<S> = S extends Schema ? SchemaOutput<S> : unknown;

/**
 * The base class of clients for what is deployed elsewhere: a model, or another chain.
 *
 * ```ts
 * class Whisper extends StubBase {
 *   transcribe(audio: string) {
 *     return this.predict({ audio }, { output: Transcript });
 *   }
 * }
 * const whisper = Whisper.fromUrl(WHISPER_URL, context, { retries: 3 });
 * ```
 */
export class StubBase {
  readonly #service: ServiceDescriptor;
  readonly #transport: Transport;
  #caller: Caller | undefined;
  readonly #template: CallTemplate;

  /** @throws ChainsError `DEPENDENCY_NOT_CONFIGURED` when the service has no valid address. */
  constructor(service: ServiceDescriptor, apiKey: string) {
    const { name, options } = service;
    this.#service = service;
    this.#transport = createHttpTransport({ ...addressOf(service), apiKey });
    this.#template = {
      dependency: { name, contract: undefined },
      codec: options.useBinary ? msgpackCodec : jsonCodec,
      retries: options.retries,
      framed: false,
    };
  }

  /**
   * A client of what answers at this URL, named after the class.
   *
   * @param contextOrApiKey the context of the chainlet that calls, or an API key.
   * @throws ChainsError `API_KEY_MISSING` when the context has none.
   */
  static fromUrl<T extends StubBase>(
    this: new (
      service: ServiceDescriptor,
      apiKey: string,
    ) => T,
    url: string,
    contextOrApiKey: DeploymentContext | string,
    options: RPCOptionsInit = {},
  ): T {
    const apiKey = typeof contextOrApiKey === "string" ? contextOrApiKey : contextOrApiKey.getBasetenApiKey();
    const { name } = this as { name: string };
    return new this({ name, displayName: name, predictUrl: url, options: new RPCOptions(options) }, apiKey);
  }

  /**
   * Calls the service once, within the options of this client.
   *
   * @param inputs sent as it is.
   * @throws ChainsError what the service answered, or why there is no answer.
   */
  async predict<S extends Schema | undefined = undefined>(
    inputs: unknown,
    options: PredictOptions<S> = {},
  ): Promise<Predicted<S>> {
    const call = outgoingCall(this.#template, {
      input: inputs,
      options,
      scope: currentRequestScope(),
      whole: true,
    });
    const open = await this.#connected().open(call);
    open.finish();
    return (await readAnswer(
      this.#service.name,
      open.response,
      this.#template.codec,
      options.output,
    )) as Predicted<S>;
  }

  /** The answer as bytes, in the pieces in which they arrive. */
  predictStream(inputs: unknown, options: CallOptions = {}): AsyncIterableIterator<Uint8Array> {
    const call = outgoingCall(this.#template, {
      input: inputs,
      options,
      scope: currentRequestScope(),
      whole: false,
    });
    const stream = new ChainletStream(rawStream(this.#service.name), this.#connected(), call);
    return stream as AsyncIterableIterator<Uint8Array>;
  }

  /** Made for the first call: a client in a constant is there before the server that it is observed by. */
  #connected(): Caller {
    if (!this.#caller) {
      const { name, options } = this.#service;
      const instruments = currentInstruments();
      const target = { name, url: addressOf(this.#service).url };
      const transport = instruments?.traced(this.#transport, target) ?? this.#transport;
      const observer = instruments?.observe(name) ?? NO_OBSERVER;
      this.#caller = new Caller({ name, options, transport, observer });
    }
    return this.#caller;
  }

  /** Closes its connections; calls that are under way fail. */
  close(): Promise<void> {
    return this.#transport.close();
  }
}

const BYTES: Schema = {
  "~standard": {
    version: 1,
    vendor: "truss-chains",
    validate: (value: unknown) =>
      value instanceof Uint8Array ? { value } : { issues: [{ message: "must be bytes" }] },
  },
};

function rawStream(name: string): DependencyDescriptor {
  return {
    name,
    displayName: name,
    kind: "truss",
    endpoint: "stream",
    takesInput: true,
    schemas: { output: undefined, item: BYTES },
    contract: undefined,
  };
}
