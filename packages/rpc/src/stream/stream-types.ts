import type { Schema, SchemaInput, SchemaOutput } from "@truss-chains/core";
import { ChainsError, formatPath } from "@truss-chains/errors";

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

/** @throws ChainsError `STREAM_FORMAT` listing what does not fit. */
export async function validatePart(schema: Schema, value: unknown, part: string): Promise<any> {
  const pending = schema["~standard"].validate(value);
  const result = pending instanceof Promise ? await pending : pending;
  if (!result.issues) return result.value;
  const problems = result.issues.map(({ message, path }) => {
    const keys = (path ?? []).map((key) => (typeof key === "object" ? key.key : key));
    return {
      code: "STREAM_FORMAT" as const,
      severity: "error" as const,
      message,
      location: { path: keys.map((key) => (typeof key === "number" ? key : String(key))) },
    };
  });
  const lines = problems.map(
    ({ message, location }) => `  ${formatPath(location.path) || "(itself)"}: ${message}`,
  );
  throw new ChainsError(
    "STREAM_FORMAT",
    [`${part} of the stream does not fit its schema:`, ...lines].join("\n"),
    {
      problems,
    },
  );
}
