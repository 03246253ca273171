import type { Schema, SchemaInput, SchemaOutput } from "@truss-chains/core";

/** What a structured stream is made of. */
export interface StreamTypes {
  readonly item: Schema;
  /** Of the one message before the items. */
  readonly header?: Schema;
  /** Of the one message after the items. */
  readonly footer?: Schema;
}

type Part<T extends StreamTypes, Key extends keyof StreamTypes> = NonNullable<T[Key]>;
/** What is written for a part of the stream. */
export type Written<T extends StreamTypes, Key extends keyof StreamTypes> = SchemaInput<Part<T, Key>>;
/** What is read of a part of the stream. */
export type Read<T extends StreamTypes, Key extends keyof StreamTypes> = SchemaOutput<Part<T, Key>>;
