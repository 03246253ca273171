import type { z } from "zod";
import { YamlBytes, YamlFloat, YamlMap, YamlSet } from "../../dialect/values.ts";
import { isRecord, type PlainRecord } from "../../record.ts";
import { Fault } from "../../rules/fault.ts";
import { mapOf } from "../collection.ts";
import { describe } from "../fault.ts";
import { toPlain } from "../plain.ts";
import { choice, decimal, flag, integer, scalar, strictInteger, text } from "../scalar.ts";
import { section } from "../section.ts";

const ROUTES = ["/v1/embeddings", "/rerank", "/predict", "/predict_tokens"] as const;

export const runtimeV1 = section({
  kv_cache_free_gpu_mem_fraction: decimal
    .default(0.9)
    .describe("The share of free GPU memory for the KV cache."),
  kv_cache_host_memory_bytes: strictInteger(1)
    .nullable()
    .default(null)
    .describe("Host memory for KV cache offloading, in bytes."),
  enable_chunked_context: flag.default(true).describe("Process long prompts in chunks."),
  batch_scheduler_policy: choice(["max_utilization", "guaranteed_no_evict"])
    .default("guaranteed_no_evict")
    .describe("Whether running requests may be paused when memory gets short."),
  request_default_max_tokens: strictInteger(1)
    .nullable()
    .default(null)
    .describe("max_tokens of requests without it."),
  served_model_name: text.nullable().default(null).describe("The model's name in answers."),
  total_token_limit: integer.default(500_000).describe("How many tokens are scheduled at once."),
  webserver_default_route: choice(ROUTES).nullable().default(null).describe("What /predict is mapped to."),
});
/** Runtime settings of the first inference stack. */
export type TrtLlmRuntimeV1 = z.output<typeof runtimeV1>;

/** Anything but dates. Truss turns booleans into 1 and 0 here. */
const patchValue = scalar<unknown>({}, (raw) => {
  if (typeof raw === "boolean") return raw ? 1 : 0;
  const fits =
    raw === null ||
    ["string", "number", "bigint"].includes(typeof raw) ||
    Array.isArray(raw) ||
    isRecord(raw) ||
    raw instanceof YamlFloat ||
    raw instanceof YamlMap ||
    raw instanceof YamlSet ||
    raw instanceof YamlBytes;
  return fits ? toPlain(raw) : new Fault(`Cannot take ${describe(raw)} here.`, "Put it in quotes.");
});

export const runtimeV2 = section(
  {
    max_seq_len: strictInteger(1, 1_048_576)
      .nullable()
      .default(null)
      .describe("The longest sequence, in tokens."),
    max_batch_size: strictInteger(1, 2048).default(256).describe("The most requests in one forward pass."),
    max_num_tokens: strictInteger(65, 131_072).default(8192).describe("The most tokens in one forward pass."),
    tensor_parallel_size: strictInteger(1).default(1).describe("GPUs that share each layer."),
    enable_chunked_prefill: flag.default(true).describe("Process long prompts in chunks."),
    served_model_name: text.nullable().default(null).describe("The model's name in answers."),
    patch_kwargs: mapOf(patchValue).default({}).describe("Further arguments of the engine; a preview."),
  },
  { before: readFormerName },
);
/** Runtime settings of the second inference stack. */
export type TrtLlmRuntimeV2 = z.output<typeof runtimeV2>;

/** `gated_features` is the former name of `patch_kwargs`. */
function readFormerName(raw: PlainRecord): PlainRecord | undefined {
  if (Object.hasOwn(raw, "patch_kwargs") || !Object.hasOwn(raw, "gated_features")) return undefined;
  const { gated_features: patch_kwargs, ...rest } = raw;
  return { ...rest, patch_kwargs };
}

export const versionOverrides = section(
  {
    engine_builder_version: text.nullable().default(null),
    briton_version: text.nullable().default(null),
    bei_version: text.nullable().default(null),
    bei_bert_version: text.nullable().default(null),
    v2_llm_version: text.nullable().default(null),
  },
  {
    after: (value, found) => {
      for (const key of [
        "engine_builder_version",
        "briton_version",
        "bei_version",
        "bei_bert_version",
      ] as const) {
        const version = value[key];
        if (version !== null && !/^[\p{Nd}\p{No}]/u.test(version)) {
          found(new Fault("A version has to begin with a digit.", "Write it like 0.17.0."), [key]);
        }
      }
      return undefined;
    },
  },
);
/** Versions of the engine's parts, where the platform's own are not wanted. */
export type VersionOverrides = z.output<typeof versionOverrides>;
