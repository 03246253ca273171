import type { StandardSchemaV1 } from "@standard-schema/spec";

/** Any Standard Schema; zod 4 is the documented one. */
export type Schema<Input = any, Output = any> = StandardSchemaV1<Input, Output>;

/** What may be given to a schema. */
export type SchemaInput<S extends Schema> = StandardSchemaV1.InferInput<S>;

/** What a schema produces. */
export type SchemaOutput<S extends Schema> = StandardSchemaV1.InferOutput<S>;

declare const CALLER: unique symbol;

/**
 * What `runRemote` receives for a schema. It remembers what a caller may send, so that fields with a default stay
 * optional in the `Remote` of the chainlet.
 */
export type Input<S extends Schema> = SchemaOutput<S> & { readonly [CALLER]?: SchemaInput<S> };

/** What a caller may send to a method whose parameter has type `P`. */
export type CallerInput<P> = P extends { readonly [CALLER]?: infer Sent }
  ? unknown extends Sent
    ? P
    : Exclude<Sent, undefined>
  : P;
