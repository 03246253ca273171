import { z } from "zod";
import { isRecord } from "../../record.ts";
import { Fault, quote } from "../../rules/fault.ts";
import { describe, report } from "../fault.ts";
import { jsonSchemas } from "../json-schemas.ts";
import { readerOf, schemaOf } from "../reader.ts";
import { choice } from "../scalar.ts";
import { keysGiven, type Report, section } from "../section.ts";
import { type TrtLlmBuild, trtLlmBuild } from "./build.ts";
import { runtimeV1, runtimeV2, versionOverrides } from "./runtime.ts";

const overrides = () => versionOverrides.prefault({}).describe("Versions of the engine's parts.");

const v1 = section(
  {
    build: trtLlmBuild.describe("How the engine is built."),
    inference_stack: choice(["v1"]).default("v1").describe("The first inference stack."),
    runtime: runtimeV1.prefault({}).describe("How the engine runs."),
    version_overrides: overrides(),
  },
  {
    after: (value, found) => {
      const { build } = value;
      if (build.checkpoint_repository === null) found(missingRepository(), ["build"]);
      const { use_paged_context_fmha: fused, paged_kv_cache: paged } = build.plugin_configuration;
      const isEncoder = build.base_model === "encoder" || build.base_model === "encoder_bert";
      if (value.runtime.enable_chunked_context && !isEncoder && !(fused && paged)) {
        found(
          new Fault(
            "enable_chunked_context needs paged_kv_cache and use_paged_context_fmha.",
            "Turn them on in build.plugin_configuration, or set enable_chunked_context to false.",
          ),
          ["runtime", "enable_chunked_context"],
        );
      }
      return undefined;
    },
  },
);

const v2 = section(
  {
    inference_stack: choice(["v2"]).default("v2").describe("The second inference stack."),
    build: trtLlmBuild.describe("How the engine is built."),
    runtime: runtimeV2.describe("How the engine runs."),
    version_overrides: overrides(),
  },
  {
    after: (value, found) => {
      if (value.build.checkpoint_repository === null && !value.build.skip_build_result) {
        found(missingRepository(), ["build"]);
      }
      checkFixedSettings(value.build, found);
      return undefined;
    },
  },
);

export type TrtLlmV1 = z.output<typeof v1>;
export type TrtLlmV2 = z.output<typeof v2>;
/** A TensorRT-LLM engine, on one of two inference stacks. */
export type TrtLlm = TrtLlmV1 | TrtLlmV2;

const stacks = { v1, v2 } as const;

/** The schema of a stack, for what walks the schemas. */
export function stackSchema(value: TrtLlm): z.ZodType {
  return stacks[value.inference_stack];
}

export const trtLlm = schemaOf((raw, findings): TrtLlm => {
  if (!isRecord(raw)) {
    report(findings, new Fault(`Expected a mapping, but got ${describe(raw)}.`));
    return z.NEVER;
  }
  const named = Object.hasOwn(raw, "inference_stack") ? raw.inference_stack : "v1";
  if (named !== "v1" && named !== "v2") {
    const seen = typeof named === "string" ? quote(named) : describe(named);
    report(findings, new Fault(`${seen} is not an inference stack.`, "Use v1 or v2."), ["inference_stack"]);
    return z.NEVER;
  }
  return readerOf<TrtLlm>(stacks[named])(raw, findings);
});
jsonSchemas.add(trtLlm, { anyOf: [v1, v2] as never });

function missingRepository(): Fault {
  return new Fault(
    "The build has no `checkpoint_repository`.",
    "Add `checkpoint_repository` with `source` and `repo`.",
  );
}

const ADJUSTABLE = new Set([
  "checkpoint_repository",
  "quantization_type",
  "quantization_config",
  "skip_build_result",
  "num_builder_gpus",
]);

/** The second stack takes its build settings from `runtime`; what the file sets here has to equal the default. */
function checkFixedSettings(build: TrtLlmBuild, found: Report): void {
  const defaults = trtLlmBuild.parse({}) as unknown as Record<string, unknown>;
  for (const key of keysGiven(build) ?? []) {
    if (ADJUSTABLE.has(key) || !Object.hasOwn(defaults, key)) continue;
    const value = (build as unknown as Record<string, unknown>)[key];
    if (isWholeDefault(value, defaults[key])) continue;
    found(
      new Fault(
        `The second inference stack does not take \`build.${key}\`.`,
        "Remove it; see `runtime` for its settings.",
      ),
      ["build", key],
    );
  }
}

/** Of a nested object Truss compares the keys that were written, so it has to be written out in full. */
function isWholeDefault(value: unknown, preset: unknown): boolean {
  if (!isRecord(value) || !isRecord(preset)) return value === preset;
  const given = keysGiven(value) ?? new Set(Object.keys(value));
  return given.size === Object.keys(preset).length && [...given].every((key) => value[key] === preset[key]);
}
