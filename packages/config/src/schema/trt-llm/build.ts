import { z } from "zod";
import { Fault, quote } from "../../rules/fault.ts";
import { list, mapOf } from "../collection.ts";
import { checked, choice, flag, integer, scalar, strictInteger, text, toInteger } from "../scalar.ts";
import { type Report, section, withGiven } from "../section.ts";
import { type CheckpointRepository, checkpointRepository } from "./checkpoint.ts";
import { type Speculator, speculator } from "./speculator.ts";

export const BASE_MODELS = [
  "encoder",
  "encoder_bert",
  "decoder",
  "palmyra",
  "qwen",
  "llama",
  "mistral",
  "deepseek",
  "whisper",
] as const;
export type BaseModel = (typeof BASE_MODELS)[number];

export const QUANTIZATION_TYPES = [
  "no_quant",
  "weights_int8",
  "weights_kv_int8",
  "weights_int4",
  "weights_int4_kv_int8",
  "smooth_quant",
  "fp8",
  "fp8_kv",
  "fp4",
  "fp4_kv",
  "fp4_mlp_only",
] as const;
export type QuantizationType = (typeof QUANTIZATION_TYPES)[number];

const pluginConfiguration = section({
  paged_kv_cache: flag.default(true).describe("Keep the KV cache in pages."),
  use_paged_context_fmha: flag.default(true).describe("Fused attention over the paged cache."),
  use_fp8_context_fmha: flag.default(false).describe("Has no effect; it is turned on where it helps."),
});
export type PluginConfiguration = z.output<typeof pluginConfiguration>;

const calibrationSize = scalar<number>(
  { type: "integer", minimum: 64, maximum: 16_384, multipleOf: 64 },
  checked(toInteger, (value) =>
    value < 64 || value > 16_384 || value % 64 !== 0
      ? new Fault(`${value} is not a size that suits the GPU.`, "Use a multiple of 64, from 64 to 16384.")
      : undefined,
  ),
);

const quantizationConfig = section({
  calib_size: calibrationSize.default(1024).describe("How many samples calibrate the quantisation."),
  calib_dataset: text.default("abisee/cnn_dailymail").describe("The Hugging Face dataset they are from."),
  calib_max_seq_length: calibrationSize.default(1536).describe("The longest sample, in tokens."),
});
export type QuantizationConfig = z.output<typeof quantizationConfig>;

const loraConfiguration = section({
  max_lora_rank: integer.default(64).describe("The highest rank of the adapters."),
  lora_target_modules: list(text).default([]).describe("The modules they change."),
});
export type LoraConfiguration = z.output<typeof loraConfiguration>;

const loraAdapters: z.ZodType<Readonly<Record<string, CheckpointRepository>>, unknown> = mapOf(
  checkpointRepository,
  (name) =>
    /^[a-zA-Z0-9_\-.:]+$/.test(name)
      ? undefined
      : new Fault(`${quote(name)} cannot name an adapter.`, "Use letters, digits and `_ - . :` only."),
);

export const trtLlmBuild = section(
  {
    base_model: choice(BASE_MODELS)
      .default("decoder")
      .describe("The family of the model: encoder, encoder_bert or decoder."),
    max_seq_len: strictInteger(1, 1_048_576)
      .nullable()
      .default(null)
      .describe("The longest sequence, in tokens."),
    max_batch_size: strictInteger(1, 2048).default(256).describe("The most requests in one forward pass."),
    max_num_tokens: strictInteger(65, 1_048_576)
      .default(8192)
      .describe("The most tokens in one forward pass."),
    max_beam_width: strictInteger(1, 1).default(1).describe("Only 1 is supported."),
    max_prompt_embedding_table_size: integer.default(0),
    checkpoint_repository: checkpointRepository.nullable().default(null).describe("Where the checkpoint is."),
    gather_all_token_logits: flag.default(false),
    strongly_typed: flag.default(false),
    quantization_type: choice(QUANTIZATION_TYPES)
      .default("no_quant")
      .describe("How weights and KV cache are quantised."),
    quantization_config: quantizationConfig.prefault({}).describe("How the quantisation is calibrated."),
    tensor_parallel_count: strictInteger(1).default(1).describe("GPUs that share each layer."),
    pipeline_parallel_count: integer.default(1),
    moe_expert_parallel_option: integer
      .default(-1)
      .describe("GPUs that share the experts; -1 leaves it open."),
    sequence_parallel_count: integer.default(1),
    plugin_configuration: pluginConfiguration.prefault({}).describe("Parts of the engine."),
    num_builder_gpus: strictInteger(1)
      .nullable()
      .default(null)
      .describe("GPUs for the build, where it needs more."),
    speculator: z
      .lazy((): z.ZodType<Speculator, unknown> => speculator)
      .nullable()
      .default(null)
      .describe("Speculative decoding."),
    lora_adapters: loraAdapters.nullable().default(null).describe("LoRA adapters by name."),
    lora_configuration: loraConfiguration.nullable().default(null).describe("Limits of the LoRA adapters."),
    skip_build_result: flag.default(false).describe("Do not build an engine; the second stack only."),
  },
  {
    after: (value, found) => {
      checkExperts(value, found);
      // An encoder has no KV cache, whatever the file says.
      const result =
        value.base_model === "encoder"
          ? {
              ...value,
              plugin_configuration: withGiven(value.plugin_configuration, {
                paged_kv_cache: false,
                use_paged_context_fmha: false,
              }),
            }
          : value;
      checkCache(result, found);
      return result;
    },
  },
);
/** Build settings of a TensorRT-LLM engine. */
export interface TrtLlmBuild {
  readonly base_model: BaseModel;
  readonly max_seq_len: number | null;
  readonly max_batch_size: number;
  readonly max_num_tokens: number;
  readonly max_beam_width: number;
  readonly max_prompt_embedding_table_size: number;
  readonly checkpoint_repository: CheckpointRepository | null;
  readonly gather_all_token_logits: boolean;
  readonly strongly_typed: boolean;
  readonly quantization_type: QuantizationType;
  readonly quantization_config: QuantizationConfig;
  readonly tensor_parallel_count: number;
  readonly pipeline_parallel_count: number;
  readonly moe_expert_parallel_option: number;
  readonly sequence_parallel_count: number;
  readonly plugin_configuration: PluginConfiguration;
  readonly num_builder_gpus: number | null;
  readonly speculator: Speculator | null;
  readonly lora_adapters: Readonly<Record<string, CheckpointRepository>> | null;
  readonly lora_configuration: LoraConfiguration | null;
  readonly skip_build_result: boolean;
}

function checkExperts(
  value: Pick<TrtLlmBuild, "base_model" | "moe_expert_parallel_option" | "tensor_parallel_count">,
  found: Report,
): void {
  const { moe_expert_parallel_option: experts, tensor_parallel_count: gpus } = value;
  if (value.base_model !== "decoder" || experts === -1) return;
  if (experts > 0 && experts <= gpus) return;
  found(
    new Fault(
      `${experts} GPUs cannot share the experts.`,
      `Use -1, or from 1 to tensor_parallel_count (${gpus}).`,
    ),
    ["moe_expert_parallel_option"],
  );
}

function checkCache(value: Pick<TrtLlmBuild, "plugin_configuration" | "speculator">, found: Report): void {
  const { paged_kv_cache: paged, use_paged_context_fmha: fused } = value.plugin_configuration;
  if (fused && !paged) {
    found(new Fault("use_paged_context_fmha needs paged_kv_cache.", "Turn both on, or both off."), [
      "plugin_configuration",
      "paged_kv_cache",
    ]);
  }
  if (value.speculator && !(fused && paged)) {
    found(
      new Fault(
        "Speculative decoding needs paged_kv_cache and use_paged_context_fmha.",
        "Turn both on; encoders cannot speculate.",
      ),
      ["speculator"],
    );
  }
}
