import { ChainsError } from "@truss-chains/errors";
import { describe, expect, test } from "vitest";
import { checkForPush, parseConfig, parseConfigObject } from "./index.ts";

function failure(action: () => unknown): ChainsError {
  try {
    action();
  } catch (error) {
    if (error instanceof ChainsError) return error;
    throw error;
  }
  throw new Error("Nothing was thrown.");
}

function problemsOf(yaml: string): string[] {
  const { problems } = failure(() => parseConfig(yaml, { file: "config.yaml" }));
  return problems.map(({ location, message, fix }) =>
    `${location?.line}:${location?.column} ${message} ${fix ?? ""}`.trim(),
  );
}

describe("an empty file", () => {
  test.each(["", "# nothing yet\n", "{}", "null", "---\n...\n"])("%j is a config of defaults", (yaml) => {
    const { config, warnings } = parseConfig(yaml);
    expect(warnings).toEqual([]);
    expect(config.python_version).toBe("py313");
    expect(config.resources).toEqual({
      cpu: "1",
      memory: "2Gi",
      accelerator: null,
      instance_type: null,
      node_count: null,
      fabric: null,
      use_gpu: false,
    });
  });

  test("nothing in a config can be changed by accident", () => {
    const { config } = parseConfig("model_metadata: {tags: [a]}");
    expect(() => (config.model_metadata["tags"] as string[]).push("b")).toThrow(TypeError);
    expect(Object.isFrozen(config.resources)).toBe(true);
  });

  test("nothing a file brings along can be changed either, however deep it is", () => {
    const { config } = parseConfig(
      [
        "unknown: {key: [{deep: 1}]}",
        "model_metadata: {tags: [openai-compatible], example: {messages: [{role: user}]}}",
        "environment_variables: {A: 1}",
        "secrets: {token: null}",
        "runtime: {is_websocket_endpoint: true, health_checks: {}}",
        "resources: {accelerator: A10G, fabric: {preferences: [efa]}}",
        "build: {secret_to_path_mapping: {a: /a}, arguments: {list: [{}]}}",
        "weights: [{source: hf://a/b@main, mount_location: /m, auth: {auth_method: CUSTOM_SECRET, auth_secret_name: s}, allow_patterns: [x]}]",
        "trt_llm: {build: {base_model: encoder, checkpoint_repository: {source: HF, repo: a/b}}, more: {x: []}}",
      ].join("\n"),
    );
    const changeable = (value: unknown, path: string): string[] => {
      if (typeof value !== "object" || value === null) return [];
      const inside = Object.entries(value).flatMap(([key, item]) => changeable(item, `${path}.${key}`));
      return Object.isFrozen(value) ? inside : [path, ...inside];
    };
    expect(changeable(config, "config")).toEqual([]);
  });
});

describe("problems", () => {
  test("a file with a problem on each of very many lines gets an answer, with the place of each", () => {
    const yaml = `secrets:\n${Array.from({ length: 130_000 }, (_, index) => `  key${index}: ${index}\n`).join("")}`;
    const { problems } = failure(() => parseConfig(yaml));
    expect(problems.length).toBe(130_000);
    expect(problems.at(-1)?.location).toEqual({ line: 130_001, column: 14, path: ["secrets", "key129999"] });
  });

  test("all are told at once, in the order of the file, with place and fix", () => {
    const yaml = [
      "model_name: 7",
      "resources:",
      "  cpu: 4",
      "  memory: 16gi",
      "  accelerator: a100",
      "weights:",
      "- source: meta-llama/Llama-3.1-8B",
      "  mount_location: models",
      "docker_server: {start_command: run, server_port: x}",
      "python_version: 3.11",
    ].join("\n");
    expect(problemsOf(yaml)).toMatchInlineSnapshot(`
      [
        "1:13 Expected text, but got the number 7. Put it in quotes: "7".",
        "3:8 Expected text, but got the number 4. Put it in quotes: "4".",
        "4:11 "gi" is not a unit of memory. Did you mean "Gi"?",
        "5:16 "a100" is not an accelerator. Did you mean "A100"?",
        "7:11 The source "meta-llama/Llama-3.1-8B" has no scheme. Begin it with one of azure://, cw://, gs://, hf://, https://, r2://, s3://. For a Hugging Face repository: "hf://meta-llama/Llama-3.1-8B".",
        "8:19 The mount location "models" is not absolute. Begin it with a slash, such as "/models/models".",
        "9:16 \`predict_endpoint\` is missing. Add it.",
        "9:16 \`readiness_endpoint\` is missing. Add it.",
        "9:16 \`liveness_endpoint\` is missing. Add it.",
        "9:50 Expected a whole number, but got the text "x".",
        "10:17 Expected a version of Python, but got the number 3.11. Write py311.",
      ]
    `);
  });

  test("a missing key is told at the place of its parent", () => {
    expect(problemsOf("model_cache:\n- repo_id: a/b\n")).toMatchInlineSnapshot(`
      [
        "2:3 \`use_volume\` is missing. Add it.",
      ]
    `);
  });

  test("rules between fields name both", () => {
    expect(
      problemsOf(
        "requirements: [torch]\nrequirements_file: r.txt\nmodel_cache: [{repo_id: a/b, use_volume: no}]\nweights: [{source: hf://a/b, mount_location: /m}]",
      ),
    ).toMatchInlineSnapshot(`
      [
        "2:20 \`requirements\` and \`requirements_file\` exclude each other. Keep one of the two.",
        "3:14 \`model_cache\` and \`weights\` exclude each other. Move all of \`model_cache\` to \`weights\`: \`chains migrate\` does it.",
      ]
    `);
  });

  test("no value below secrets is ever shown", () => {
    const error = failure(() => parseConfig("secrets: {key: 123456789}"));
    expect(error.message).not.toContain("123456789");
    expect(error.message).toContain("secrets.key");
  });

  test("no_cache belongs to a push, not to a file", () => {
    expect(problemsOf("build: {no_cache: true}")).toHaveLength(1);
    expect(parseConfigObject({ build: { no_cache: true } }).config.build.no_cache).toBe(true);
  });

  test("what is no mapping is no config", () => {
    expect(problemsOf("- a")).toMatchInlineSnapshot(`
      [
        "1:1 A config is a mapping of keys to values, but this is a list. Write keys such as \`model_name:\`.",
      ]
    `);
    expect(failure(() => parseConfigObject("text")).code).toBe("CONFIG_INVALID");
  });
});

test("an object that holds itself, or a function, is refused", () => {
  const metadata: Record<string, unknown> = {};
  metadata["again"] = metadata;
  expect(failure(() => parseConfigObject({ model_metadata: metadata })).code).toBe("CONFIG_INVALID");
  expect(failure(() => parseConfigObject({ zoo: () => 1 })).code).toBe("CONFIG_INVALID");
});

test("keys that a program leaves undefined are left out", () => {
  const { config } = parseConfigObject({
    model_name: undefined,
    resources: { cpu: undefined },
    zoo: undefined,
  });
  expect(config).toEqual(parseConfig("").config);
});

describe("what is not YAML", () => {
  test.each([
    ["resources:\n\tcpu: 1", "2:1"],
    ["a: [1, 2", "1:4"],
    ['a: "open', "1:4"],
    ["a: b: c", "1:5"],
    ["a: 1\nb\nc: 2", "2:1"],
    ["a: *nowhere", "1:4"],
    ["a: 1\n---\nb: 2", "2:1"],
    ["a: 2024-13-01", "1:4"],
    ["a: =", "1:4"],
    ["a: !custom 1", "1:4"],
  ])("%j is refused at its place", (yaml, place) => {
    const error = failure(() => parseConfig(yaml));
    expect(error.code).toBe("CONFIG_SYNTAX");
    expect(`${error.location?.line}:${error.location?.column}`).toBe(place);
  });

  test("bytes that are not UTF-8 are refused", () => {
    expect(failure(() => parseConfig(new Uint8Array([0x61, 0xff]))).code).toBe("CONFIG_SYNTAX");
  });

  test("an alias bomb is refused instead of followed", () => {
    const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
    for (let level = 1; level < 30; level++) {
      lines.push(
        `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(", ")}]`,
      );
    }
    expect(failure(() => parseConfig(lines.join("\n"))).code).toBe("CONFIG_LIMIT");
  });

  test("endless nesting is refused", () => {
    expect(failure(() => parseConfig(`a: ${"[".repeat(100_000)}`)).code).toBe("CONFIG_LIMIT");
    expect(failure(() => parseConfig("- ".repeat(100_000))).code).toBe("CONFIG_LIMIT");
  });

  test("a value that contains itself is refused", () => {
    expect(failure(() => parseConfig("model_metadata: &a {again: *a}")).code).toBe("CONFIG_SYNTAX");
  });
});

describe("warnings", () => {
  function warningsOf(yaml: string): string[] {
    return parseConfig(yaml).warnings.map(
      ({ code, message, location }) => `${location?.line}:${location?.column} ${code} ${message}`,
    );
  }

  test("a key that is there twice is told with both places; the last counts", () => {
    expect(warningsOf("model_name: a\ndescription: b\nmodel_name: c")).toMatchInlineSnapshot(`
      [
        "3:1 CONFIG_DUPLICATE_KEY The key \`model_name\` is there twice; the first is on line 1, column 1. The last one counts.",
      ]
    `);
    expect(parseConfig("model_name: a\nmodel_name: c").config.model_name).toBe("c");
  });

  test("a misspelt key is kept, told with the likely name, and refused by a push", () => {
    const { config, warnings } = parseConfig("runtime:\n  predict_concurency: 4\n");
    expect(warnings[0]?.fix).toBe("Did you mean `predict_concurrency`?");
    expect(config.runtime).toHaveProperty("predict_concurency", 4);
    const error = failure(() => checkForPush(config));
    expect(error.problems[0]?.location?.path).toEqual(["runtime", "predict_concurency"]);
  });

  test("what the documents show and the loader refuses is read, with a warning", () => {
    const { config, warnings } = parseConfig(
      "model_cache:\n- repo_id: az://box/path\n  kind: azure\n  use_volume: true\n  volume_folder: w\n  ignore_patterns: '*.bin'\n",
    );
    expect(config.model_cache[0]).toMatchObject({ repo_id: "azure://box/path", ignore_patterns: ["*.bin"] });
    expect(warnings.filter(({ code }) => code === "CONFIG_AMBIGUOUS")).toHaveLength(2);
  });

  test("merge keys are followed, with a warning that Truss refuses them", () => {
    const { config, warnings } = parseConfig(
      "base: &base {cpu: '4'}\nresources:\n  <<: *base\n  memory: 8Gi\n",
    );
    expect(config.resources).toMatchObject({ cpu: "4", memory: "8Gi" });
    expect(warnings.map(({ code }) => code)).toContain("CONFIG_AMBIGUOUS");
  });

  test("surprises of the platform are told", () => {
    expect(
      warningsOf(
        "environment_variables: {PORT: 1, EMPTY: null}\npython_version: py39\nruntime: {is_websocket_endpoint: true}",
      ),
    ).toMatchInlineSnapshot(`
      [
        "1:31 CONFIG_SUSPICIOUS The platform overwrites PORT at run time.",
        "1:41 CONFIG_SUSPICIOUS Truss turns null into the text "None".",
        "2:17 CONFIG_DEPRECATED Python 3.9 is about to be dropped.",
        "3:34 CONFIG_DEPRECATED \`is_websocket_endpoint\` follows from the transport.",
      ]
    `);
  });
});

describe("conversions", () => {
  test("environment variables become text the way Python writes it", () => {
    const { config } = parseConfig(
      "environment_variables: {A: true, B: 1.0, C: [1, 'x', null], D: 2024-01-01, E: 1.0e+20, F: 'True'}",
    );
    expect(config.environment_variables).toEqual({
      A: "true",
      B: "1.0",
      C: "[1, 'x', None]",
      D: "2024-01-01",
      E: "1e+20",
      F: "True",
    });
  });

  test("the websocket flag and the transport agree, whichever was written", () => {
    expect(parseConfig("runtime: {is_websocket_endpoint: true}").config.runtime.transport.kind).toBe(
      "websocket",
    );
    expect(parseConfig("runtime: {transport: {kind: websocket}}").config.runtime.is_websocket_endpoint).toBe(
      true,
    );
    expect(parseConfig("").config.runtime.is_websocket_endpoint).toBe(false);
  });

  test("`__proto__` is a key like any other", () => {
    const { config } = parseConfig(
      'model_metadata: {"__proto__": {polluted: true}}\n__proto__: {polluted: true}\nsecrets: {__proto__: null}',
    );
    expect(Object.keys(config.model_metadata)).toEqual(["__proto__"]);
    expect(Object.keys(config.secrets)).toEqual(["__proto__"]);
    expect(Object.hasOwn(config, "__proto__")).toBe(true);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

test.each([
  ["digits", "1".repeat(1_000_000)],
  ["blanks", `1${" ".repeat(1_000_000)}`],
])("an amount of very many %s is refused at once", (_, amount) => {
  expect(problemsOf(`resources: {cpu: "${amount}x"}`)).toEqual([expect.stringContaining("is not an amount")]);
});

describe("a byte order mark, as editors of Windows write it,", () => {
  test("changes nothing about what a file says", () => {
    const { config } = parseConfig("\uFEFFmodel_name: a\r\nresources:\r\n  cpu: '4'\r\n");
    expect(config).toMatchObject({ model_name: "a", resources: { cpu: "4" } });
    expect(parseConfig("\uFEFF").config.model_name).toBeNull();
  });

  test("takes no column of the first line", () => {
    expect(problemsOf("\uFEFFpython_version: py27\n")).toEqual([expect.stringMatching(/^1:17 /)]);
  });
});
