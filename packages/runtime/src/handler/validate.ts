import type { Schema } from "@truss-chains/core";
import { validateValue } from "@truss-chains/rpc";

/**
 * The input of a call after its schema: defaults applied, unknown fields dropped. A promise when the schema is
 * asynchronous.
 *
 * @throws ChainsError `INPUT_INVALID` naming every field that does not fit.
 */
export function validateInput(chainlet: string, schema: Schema, value: unknown): unknown {
  return validateValue(schema, value, `The input of ${chainlet}`, "INPUT_INVALID");
}

/**
 * What a chainlet returned or yielded, after its schema. A promise when the schema is asynchronous.
 *
 * @throws ChainsError `OUTPUT_INVALID_TYPE` naming every field that does not fit.
 */
export function validateOutput(chainlet: string, schema: Schema, value: unknown): unknown {
  return validateValue(schema, value, `What ${chainlet}.runRemote gave`, "OUTPUT_INVALID_TYPE");
}
