import { ChainsError } from "@truss-chains/errors";
import { ChainletBase } from "../authoring/chainlet-base.ts";
import type { CallOptions } from "../types/remote.ts";
import type { Schema, SchemaInput, SchemaOutput } from "../types/schema.ts";

/** The schemas of a chainlet whose code is not ours. Without them, any JSON goes in and comes out. */
export interface ForeignSchemas {
  /** Of what callers send. */
  readonly input?: Schema;
  /** Of the answer; not together with `stream`. */
  readonly output?: Schema;
  /** Of one item of a streamed answer: strings or bytes. */
  readonly stream?: Schema;
}

type ForeignInput<S> = S extends { readonly input: infer I extends Schema } ? SchemaInput<I> : unknown;

type ForeignAnswer<S> = S extends { readonly stream: infer Item extends Schema }
  ? AsyncIterable<SchemaOutput<Item>>
  : S extends { readonly output: infer O extends Schema }
    ? Promise<SchemaOutput<O>>
    : Promise<unknown>;

/** The base class of a chainlet that runs elsewhere: only its `Remote` can be called. */
export type ForeignChainletClass<S> = abstract new () => ChainletBase & {
  runRemote(input: ForeignInput<S>, options?: CallOptions): ForeignAnswer<S>;
};

/** A base class whose `runRemote` exists for the types, and explains itself when someone calls it. */
export function foreignBase<S extends ForeignSchemas>(what: string): ForeignChainletClass<S> {
  abstract class ForeignChainlet extends ChainletBase {
    runRemote(): never {
      throw new ChainsError(
        "CHAINLET_INSTANTIATED",
        `${this.constructor.name} is ${what}: its code does not run in this process.`,
        {
          fix: "Depend on it with @depends(), and give tests an object with a runRemote of their own.",
          location: { className: this.constructor.name },
        },
      );
    }
  }
  return ForeignChainlet as unknown as ForeignChainletClass<S>;
}
