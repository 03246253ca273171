import type { ErrorCode } from "@truss-chains/errors";
import { RESERVED_ENVIRONMENT_VARIABLES } from "./constants.ts";
import type { PlainRecord } from "./record.ts";
import { hasTag, isEncoder, LEGACY_API_TAG, OPENAI_TAG } from "./schema/trt-llm/rules.ts";
import type { TrussConfig } from "./schema/truss-config.ts";

/** Something that is accepted but probably not wanted. */
export interface Finding {
  readonly code: ErrorCode;
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly fix?: string;
}

/** Looks at a valid config for what will surprise its author. `raw` is what the file says. */
export function* findSurprises(config: TrussConfig, raw: PlainRecord): Generator<Finding> {
  yield* deprecated(config, raw);
  for (const name of RESERVED_ENVIRONMENT_VARIABLES) {
    if (!Object.hasOwn(config.environment_variables, name)) continue;
    yield {
      code: "CONFIG_SUSPICIOUS",
      path: ["environment_variables", name],
      message: `The platform overwrites ${name} at run time.`,
      fix: "Use another name.",
    };
  }
  const environment = raw.environment_variables as PlainRecord | undefined;
  for (const [name, value] of Object.entries(environment ?? {})) {
    if (value !== null) continue;
    yield {
      code: "CONFIG_SUSPICIOUS",
      path: ["environment_variables", name],
      message: `Truss turns null into the text "None".`,
      fix: `Write "" for an empty value, or remove ${name}.`,
    };
  }
  if (config.docker_server?.server_port === 8080) {
    yield {
      code: "CONFIG_SUSPICIOUS",
      path: ["docker_server", "server_port"],
      message: "The platform's own proxy listens on port 8080.",
      fix: "Let the server listen on another port, such as 8000.",
    };
  }
  const volumes = new Set(config.model_cache.map((entry) => entry.use_volume));
  if (volumes.size > 1) {
    yield {
      code: "CONFIG_SUSPICIOUS",
      path: ["model_cache"],
      message: "Some entries have use_volume, others not. The build will refuse the mix.",
      fix: "Make them all true or all false, or run `chains migrate`.",
    };
  }
  yield* aboutEngine(config);
}

function* deprecated(config: TrussConfig, raw: PlainRecord): Generator<Finding> {
  const code = "CONFIG_DEPRECATED";
  if (Object.hasOwn(raw, "hf_cache")) {
    const ignored = Object.hasOwn(raw, "model_cache");
    yield {
      code,
      path: ["hf_cache"],
      message: ignored
        ? "`hf_cache` is ignored beside `model_cache`."
        : "`hf_cache` is the former name of `model_cache`.",
      fix: ignored ? "Remove it." : "Rename it; `chains migrate` goes further and writes `weights`.",
    };
  }
  if (config.model_cache.length > 0) {
    yield {
      code,
      path: ["model_cache"],
      message: "`model_cache` is superseded by `weights`.",
      fix: "Run `chains migrate`.",
    };
  }
  if (config.python_version === "py39") {
    yield {
      code,
      path: ["python_version"],
      message: "Python 3.9 is about to be dropped.",
      fix: "Use py310 or newer.",
    };
  }
  const runtime = raw.runtime as PlainRecord | undefined;
  if (runtime?.is_websocket_endpoint) {
    yield {
      code,
      path: ["runtime", "is_websocket_endpoint"],
      message: "`is_websocket_endpoint` follows from the transport.",
      fix: "Write `transport: {kind: websocket}` instead.",
    };
  }
}

function* aboutEngine(config: TrussConfig): Generator<Finding> {
  const { trt_llm: engine, model_metadata: metadata } = config;
  if (engine?.inference_stack !== "v1") return;
  const tokens = engine.build.speculator?.num_draft_tokens ?? 0;
  if (tokens > 512) {
    yield {
      code: "CONFIG_SUSPICIOUS",
      path: ["trt_llm", "build", "speculator"],
      message: `Up to ${tokens} tokens are guessed per step, which may be slow.`,
      fix: "Use smaller sizes, such as a window of 7, n-grams of 5 and a verification set of 3.",
    };
  }
  if (isEncoder(engine)) return;
  if (hasTag(metadata, LEGACY_API_TAG)) {
    yield {
      code: "CONFIG_DEPRECATED",
      path: ["model_metadata", "tags"],
      message: `The tag ${LEGACY_API_TAG} keeps clients of OpenAI's API out.`,
      fix: `Write ${OPENAI_TAG} instead.`,
    };
  } else if (!hasTag(metadata, OPENAI_TAG)) {
    yield {
      code: "CONFIG_SUSPICIOUS",
      path: ["model_metadata", "tags"],
      message: "The model does not say which API its answers follow.",
      fix: `Add \`tags: [${OPENAI_TAG}]\` to \`model_metadata\`.`,
    };
  }
}
