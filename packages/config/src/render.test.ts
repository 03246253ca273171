import { describe, expect, test } from "vitest";
import { parseConfig, parseConfigObject, renderConfig, SCHEMA_COMMENT, toDict } from "./index.ts";

describe("rendering", () => {
  test("an empty config says what Truss always says", () => {
    expect(renderConfig(parseConfig("").config)).toBe(
      "python_version: py313\nresources:\n  accelerator: null\n  cpu: '1'\n  memory: 2Gi\n  use_gpu: false\n",
    );
  });

  test("sorts keys, and quotes only what would be read as something else", () => {
    const { config } = parseConfigObject({
      model_name: "on",
      description: "two\nlines\n",
      model_metadata: {
        plain: ["a b", "1e3", "0.9.0", "http://x:80/y", "-x", "500m"],
        quoted: ["", "1", "1:30", "2024-01-01", "a: b", "# c", "- d", "y", "=", "<<", " e ", "[f]", "~"],
        escaped: ["é", "tab\there", "\u2028"],
        numbers: [1, 0.5, 1e-7, 1e21, -0],
        nested: [[1, [2]], [], {}, [{ a: 1, b: [] }]],
      },
      docker_server: {
        start_command: 'sh -c "run"',
        server_port: 8000,
        predict_endpoint: "/p",
        readiness_endpoint: "/h",
        liveness_endpoint: "/h",
      },
    });
    const yaml = renderConfig(config, { schemaComment: true });
    expect(yaml.startsWith(`${SCHEMA_COMMENT}\n`)).toBe(true);
    expect(yaml).toMatchSnapshot();
    expect(toDict(parseConfig(yaml).config)).toEqual(toDict(config));
  });

  test("writes numbers as they were read, where JavaScript would not", () => {
    const { config } = parseConfig("model_metadata: {whole: 1.0, huge: 12345678901234567890, tiny: 1.0e-9}");
    expect(renderConfig(config)).toContain("  huge: 12345678901234567890\n  tiny: 1.0e-09\n  whole: 1.0\n");
  });
});

describe("dumps", () => {
  test("the short form of an engine repeats what was written, defaults too", () => {
    const { config } = parseConfig(
      "trt_llm:\n  build:\n    max_batch_size: 256\n    max_seq_len: null\n    checkpoint_repository: {source: HF, repo: a/b}\n",
    );
    expect(toDict(config)["trt_llm"]).toEqual({
      build: { max_batch_size: 256, max_seq_len: null, checkpoint_repository: { source: "HF", repo: "a/b" } },
    });
  });

  test("a copy of an engine, whose origin is unknown, is dumped by what differs from the defaults", () => {
    const { config } = parseConfig(
      "trt_llm: {build: {max_batch_size: 8, checkpoint_repository: {source: HF, repo: a/b}}}",
    );
    const copy = structuredClone(config);
    expect(toDict(copy)["trt_llm"]).toEqual({
      build: { max_batch_size: 8, checkpoint_repository: { source: "HF", repo: "a/b" } },
    });
  });

  test("a dump is the caller's own, and the config stays as it is", () => {
    const { config } = parseConfig("model_metadata: {tags: [a]}");
    const dump = toDict(config, { verbose: true }) as { model_metadata: { tags: string[] } };
    dump.model_metadata.tags.push("b");
    expect(config.model_metadata).toEqual({ tags: ["a"] });
  });

  test("resources leave out what says nothing, and end with use_gpu", () => {
    const { config } = parseConfig(
      'resources: {accelerator: "A100:1", instance_type: "", fabric: {use_rdma: true}, zoo: 1}',
    );
    expect(JSON.stringify(toDict(config)["resources"])).toBe(
      '{"cpu":"1","memory":"2Gi","accelerator":"A100","fabric":{"use_rdma":true},"zoo":1,"use_gpu":true}',
    );
  });
});
