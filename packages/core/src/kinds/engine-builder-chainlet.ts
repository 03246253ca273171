import { Fields } from "../options/fields.ts";
import type { Schema } from "../types/schema.ts";
import { type ForeignChainletClass, foreignBase } from "./foreign-endpoint.ts";
import { setKind } from "./kind.ts";

/** The request of an engine builder model: the OpenAI-like fields that the engine knows. */
export interface EngineBuilderLLMInput {
  readonly model?: string;
  readonly messages?: readonly Readonly<Record<string, unknown>>[] | null;
  readonly prompt?: string | null;
  readonly max_tokens?: number | null;
  readonly max_completion_tokens?: number | null;
  readonly temperature?: number;
  readonly top_p?: number;
  readonly top_k?: number;
  readonly stop?: string | readonly string[] | null;
  readonly seed?: number | null;
  readonly response_format?: Readonly<Record<string, unknown>> | null;
  readonly tools?: readonly Readonly<Record<string, unknown>>[] | null;
  readonly tool_choice?: string | Readonly<Record<string, unknown>> | null;
  readonly [field: string]: unknown;
}

export interface EngineBuilderOptions {
  /** The `trt_llm` section of config.yaml, in its own snake_case. */
  readonly engineBuilderConfig: Readonly<Record<string, unknown>>;
}

type EngineEndpoint = {
  readonly input: Schema<EngineBuilderLLMInput, EngineBuilderLLMInput>;
  readonly stream: Schema<string, string>;
};

/**
 * The base class of a chainlet that serves a TensorRT-LLM engine. It takes an `EngineBuilderLLMInput` and streams
 * strings.
 *
 * @throws ChainsError `CHAINLET_OPTIONS_INVALID` naming every wrong field.
 */
export function EngineBuilderLLMChainlet(
  options: EngineBuilderOptions,
): ForeignChainletClass<EngineEndpoint> {
  const fields = new Fields("EngineBuilderLLMChainlet", options, ["engineBuilderConfig"]);
  fields.record("engineBuilderConfig", undefined);
  fields.rule(options?.engineBuilderConfig === undefined, "engineBuilderConfig", "is required.");
  fields.done();
  const base = foreignBase<EngineEndpoint>("a TensorRT-LLM engine");
  setKind(base, { kind: "engine_builder", options });
  return base;
}
