import { YamlBytes, YamlTimestamp } from "../../dialect/values.ts";
import { isRecord } from "../../record.ts";
import { Fault } from "../../rules/fault.ts";
import { acceleratorOf, type Resources } from "../resources.ts";
import type { Report } from "../section.ts";
import type { TrtLlm } from "./stacks.ts";

/** Tags of `model_metadata` by which a model says which API its answers follow. */
export const OPENAI_TAG = "openai-compatible";
export const LEGACY_API_TAG = "force-legacy-api-non-openai-compatible";

const RENAMED = new Set(["palmyra", "qwen", "llama", "mistral", "deepseek"]);
const BEFORE_AMPERE = new Set(["T4", "V100"]);
const BEFORE_ADA = new Set(["A10G", "A100", "A100_40GB", "T4", "V100"]);
const BEFORE_BLACKWELL = new Set(["H100", "H100_40GB", "H200", "L4", "L40S", "A100_40GB"]);

interface Parts {
  readonly trt_llm: TrtLlm | null;
  readonly resources: Resources;
  readonly model_metadata: Readonly<Record<string, unknown>>;
}

/** What a TensorRT-LLM engine asks of the rest of the config. `rawTags` are the tags before they became plain data. */
export function checkTrtLlm(config: Parts, rawTags: unknown, found: Report): void {
  const { trt_llm: engine } = config;
  if (engine === null) return;
  checkBaseModel(engine, found);
  checkHardware(engine, config.resources, found);
  if (engine.inference_stack !== "v1") return;
  checkTags(
    engine,
    config.model_metadata,
    rawTags instanceof YamlTimestamp || rawTags instanceof YamlBytes,
    found,
  );
  checkGpuCount(engine, config.resources, found);
}

function checkBaseModel(engine: TrtLlm, found: Report): void {
  const { base_model: model } = engine.build;
  const path = ["trt_llm", "build", "base_model"];
  if (RENAMED.has(model))
    found(new Fault(`The base model ${model} is now called decoder.`, "Write `decoder`."), path);
  if (model === "whisper") {
    found(new Fault("Whisper no longer runs on this engine.", "Deploy it as a chain, or ask Baseten."), path);
  }
}

function checkHardware(engine: TrtLlm, resources: Resources, found: Report): void {
  const { type } = acceleratorOf(resources);
  if (type === null) return;
  const { base_model: model, quantization_type: quantization } = engine.build;
  if (BEFORE_AMPERE.has(type)) {
    if (model === "encoder_bert") return;
    found(
      new Fault(
        `TensorRT-LLM does not run on a ${type}.`,
        "Use an A10G or newer; only encoder_bert runs on a T4.",
      ),
      ["resources", "accelerator"],
    );
    return;
  }
  const isFp4 = quantization.startsWith("fp4");
  if ((isFp4 || quantization.startsWith("fp8")) && BEFORE_ADA.has(type)) {
    const fault = new Fault(
      `A ${type} cannot run ${quantization}.`,
      "Use an L4, an H100 or newer, or no_quant.",
    );
    found(fault, ["trt_llm", "build", "quantization_type"]);
  } else if (isFp4 && BEFORE_BLACKWELL.has(type)) {
    const fault = new Fault(`A ${type} cannot run ${quantization}.`, "Use a B200 or newer, or fp8.");
    found(fault, ["trt_llm", "build", "quantization_type"]);
  }
}

/** The tags among which Truss looks: of a list the items, of text any part, of a mapping the keys. */
export function hasTag(metadata: Readonly<Record<string, unknown>>, tag: string): boolean | undefined {
  const tags = Object.hasOwn(metadata, "tags") ? metadata.tags : [];
  if (Array.isArray(tags) || typeof tags === "string") return tags.includes(tag);
  return isRecord(tags) ? Object.hasOwn(tags, tag) : undefined;
}

export function isEncoder(engine: TrtLlm): boolean {
  return engine.build.base_model === "encoder" || engine.build.base_model === "encoder_bert";
}

function checkTags(
  engine: TrtLlm,
  metadata: Readonly<Record<string, unknown>>,
  isOdd: boolean,
  found: Report,
): void {
  if (isEncoder(engine)) return;
  const path = ["model_metadata", "tags"];
  const openai = isOdd ? undefined : hasTag(metadata, OPENAI_TAG);
  if (openai === undefined)
    found(new Fault("The tags are not a list.", `Write \`tags: [${OPENAI_TAG}]\`.`), path);
  else if (openai && hasTag(metadata, LEGACY_API_TAG)) {
    found(
      new Fault(`The tags hold both ${OPENAI_TAG} and ${LEGACY_API_TAG}.`, "Remove one of the two."),
      path,
    );
  }
}

function checkGpuCount(engine: TrtLlm, resources: Resources, found: Report): void {
  const {
    tensor_parallel_count: tensor,
    pipeline_parallel_count: pipeline,
    sequence_parallel_count: sequence,
  } = engine.build;
  const wanted = tensor * pipeline * sequence;
  const { count } = acceleratorOf(resources);
  if (wanted === count) return;
  found(
    new Fault(
      `The engine spreads over ${wanted} GPUs, but resources.accelerator has ${count}.`,
      "Make tensor_parallel_count equal to the number of accelerators.",
    ),
    ["trt_llm", "build", "tensor_parallel_count"],
  );
}
