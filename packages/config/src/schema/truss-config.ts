import type { z } from "zod";
import { PYTHON_VERSIONS, type PythonVersion } from "../constants.ts";
import { YamlFloat } from "../dialect/values.ts";
import { getKey, isRecord, type PlainRecord } from "../record.ts";
import { Fault } from "../rules/fault.ts";
import { baseImage } from "./base-image.ts";
import { bisLlm } from "./bis-llm.ts";
import { build } from "./build.ts";
import { freeForm, list } from "./collection.ts";
import { dockerServer } from "./docker-server.ts";
import { environmentVariables, secrets } from "./environment.ts";
import { externalDataItem } from "./external-data.ts";
import { describe } from "./fault.ts";
import { internalModelRepo, modelRepo } from "./model-repo.ts";
import { resources } from "./resources.ts";
import { runtime } from "./runtime.ts";
import { flag, scalar, text } from "./scalar.ts";
import { section } from "./section.ts";
import { trainingCheckpoints } from "./training-checkpoints.ts";
import { checkTrtLlm } from "./trt-llm/rules.ts";
import { trtLlm } from "./trt-llm/stacks.ts";
import { isTruthy } from "./truthy.ts";
import { weights } from "./weights.ts";

const pythonVersion = scalar<PythonVersion>({ enum: [...PYTHON_VERSIONS] }, (raw) => {
  const known = PYTHON_VERSIONS.find((version) => version === raw);
  if (known) return known;
  const seen =
    raw instanceof YamlFloat || typeof raw === "number"
      ? String(raw instanceof YamlFloat ? raw.value : raw)
      : raw;
  const guess =
    typeof seen === "string"
      ? PYTHON_VERSIONS.find((version) => version === `py${seen.replace(/^py|\./g, "").replace(".", "")}`)
      : undefined;
  return new Fault(
    `Expected a version of Python, but got ${describe(raw)}.`,
    guess ? `Write ${guess}.` : `Use one of ${PYTHON_VERSIONS.join(", ")}.`,
  );
});

/** A whole config.yaml. The order of the keys is that of the dumps. */
export const trussConfig = section(
  {
    model_name: text.nullable().default(null).describe("The model's name."),
    model_metadata: freeForm
      .default({})
      .describe("Anything that describes the model; example_model_input feeds the playground."),
    description: text.nullable().default(null).describe("What the model does."),
    examples_filename: text.default("examples.yaml").describe("A file with example inputs."),
    data_dir: text.default("data").describe("The directory that is copied to /app/data."),
    external_data: list(externalDataItem)
      .nullable()
      .default(null)
      .describe("Files that the build downloads into the data directory. Superseded by weights.")
      .meta({ deprecated: true }),
    external_package_dirs: list(text)
      .default([])
      .describe("Directories of Python packages outside the truss."),
    python_version: pythonVersion.default("py313").describe("The version of Python."),
    base_image: baseImage.nullable().default(null).describe("An image to build on."),
    requirements_file: text
      .nullable()
      .default(null)
      .describe("A requirements.txt, pyproject.toml or uv.lock. Not along with requirements."),
    requirements: list(text)
      .default([])
      .describe("Python packages, as pip writes them. Not along with requirements_file."),
    system_packages: list(text)
      .default([])
      .describe("Debian packages.")
      .meta({ examples: [["ffmpeg", "libsm6"]] }),
    environment_variables: environmentVariables
      .default({})
      .describe("Environment variables. No secrets here."),
    secrets: secrets
      .default({})
      .describe("Names of the secrets that the model reads; the values are placeholders."),
    resources: resources.prefault({}).describe("What one replica runs on."),
    runtime: runtime.prefault({}).describe("How the server behaves."),
    build: build.prefault({}).describe("How the image is built."),
    build_commands: list(text).default([]).describe("Shell commands that the build runs last."),
    docker_server: dockerServer
      .nullable()
      .default(null)
      .describe("An image with a server of its own, without model code."),
    model_cache: list(modelRepo)
      .default([])
      .describe("Weights to fetch. Superseded by weights.")
      .meta({ deprecated: true }),
    weights: weights.default([]).describe("Weights that Baseten mirrors and mounts."),
    trt_llm: trtLlm.nullable().default(null).describe("A TensorRT-LLM engine."),
    training_checkpoints: trainingCheckpoints
      .nullable()
      .default(null)
      .describe("Checkpoints of training jobs to deploy."),
    bis_llm: bisLlm.nullable().default(null).describe("A deployment on the BIS LLM stack."),
    input_type: text.default("Any"),
    model_framework: text.default("custom"),
    model_type: text.default("Model"),
    model_module_dir: text.default("model").describe("The directory of the model class."),
    model_class_filename: text.default("model.py").describe("The file of the model class."),
    model_class_name: text.default("Model").describe("The model class."),
    bundled_packages_dir: text.default("packages").describe("The directory of the truss's own packages."),
    use_local_src: flag.default(false),
    cache_internal: list(internalModelRepo).default([]),
    live_reload: flag.default(false).describe("Reload the model code when it changes."),
    apply_library_patches: flag.default(true).describe("Patch libraries so that they work together."),
    spec_version: text.default("2.0").describe('The version of this format, as text: "2.0".'),
  },
  {
    before: renameLegacyKeys,
    after: (config, found, raw) => {
      if (config.runtime.remote_ssh.enabled && (config.docker_server?.run_as_user_id ?? null) !== null) {
        found(
          new Fault(
            "remote_ssh needs the platform's own user, but docker_server.run_as_user_id names another.",
            "Remove one of the two.",
          ),
          ["docker_server", "run_as_user_id"],
        );
      }
      if (config.requirements.length > 0 && config.requirements_file) {
        found(
          new Fault("`requirements` and `requirements_file` exclude each other.", "Keep one of the two."),
          ["requirements_file"],
        );
      }
      if (config.model_cache.length > 0 && config.weights.length > 0) {
        found(
          new Fault(
            "`model_cache` and `weights` exclude each other.",
            "Move all of `model_cache` to `weights`: `chains migrate` does it.",
          ),
          ["model_cache"],
        );
      }
      checkTrtLlm(config, getKey(isRecord(raw.model_metadata) ? raw.model_metadata : {}, "tags"), found);
      return undefined;
    },
  },
);

function renameLegacyKeys(raw: PlainRecord): PlainRecord | undefined {
  let result = raw;
  if (Object.hasOwn(raw, "hf_cache") && !Object.hasOwn(raw, "model_cache")) {
    const { hf_cache: cache, ...rest } = raw;
    result = { ...rest, model_cache: isTruthy(cache) ? cache : [] };
  }
  if (result.cache_internal === null) result = { ...result, cache_internal: [] };
  return result === raw ? undefined : result;
}

/** A config.yaml, read and completed: every key is there, in the spelling of the file. Frozen plain data. */
export interface TrussConfig extends z.output<typeof trussConfig> {}
