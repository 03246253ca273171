import { ChainsError } from "@truss-chains/errors";
import { describe, expect, test } from "vitest";
import { findAffectedLines } from "./affected-lines.ts";
import { migrateConfig } from "./migrate.ts";

describe("a config with model_cache", () => {
  test("becomes one with weights; comments, order and quotes stay", () => {
    const { yaml, warnings, problems } = migrateConfig(`# Stable diffusion.
model_name: "sdxl"
model_cache: # fetched at start
  # The decoder.
  - repo_id: madebyollin/sdxl-vae-fp16-fix # fixed for fp16
    revision: 207b116 # pinned in May
    use_volume: true
    volume_folder: "vae"
    allow_patterns:
      - config.json # small
      - "*.safetensors"
  - kind: gcs # not on the Hub
    repo_id: bucket/path
    use_volume: true
    volume_folder: main
    runtime_secret_name: gcs
    ignore_patterns: []

resources:
  accelerator: A10G # enough
`);
    expect(yaml).toMatchInlineSnapshot(`
      "# Stable diffusion.
      model_name: "sdxl"
      weights: # fetched at start
        # The decoder.
        - source: hf://madebyollin/sdxl-vae-fp16-fix@207b116 # fixed for fp16
          auth_secret_name: hf_access_token
          # pinned in May
          mount_location: "/app/model_cache/vae"
          allow_patterns:
            - config.json # small
            - "*.safetensors"
        # not on the Hub
        - source: gs://bucket/path
          mount_location: /app/model_cache/main
          auth_secret_name: gcs

      resources:
        accelerator: A10G # enough
      "
    `);
    expect(warnings).toEqual([]);
    expect(problems).toEqual([]);
  });

  test("needs no transfer tool in its start command", () => {
    const { yaml, warnings } = migrateConfig(`docker_server:
  start_command: bash -c "truss-transfer-cli && serve --model /app/model_cache/m
    --port 8000" # go
  server_port: 8000
  predict_endpoint: /p
  readiness_endpoint: /h
  liveness_endpoint: /h
model_cache:
- {repo_id: a/b, revision: main, use_volume: true, volume_folder: m}
build_commands: [truss-transfer-cli /tmp]
`);
    expect(yaml).toMatchInlineSnapshot(`
      "docker_server:
        start_command: bash -c "serve --model /app/model_cache/m
          --port 8000" # go
        server_port: 8000
        predict_endpoint: /p
        readiness_endpoint: /h
        liveness_endpoint: /h
      weights:
      - {source: hf://a/b@main, mount_location: /app/model_cache/m, auth_secret_name: hf_access_token}
      build_commands: [truss-transfer-cli /tmp]
      "
    `);
    expect(warnings.map(({ location }) => location?.path)).toEqual([["build_commands", 0]]);
  });

  test("baked into the image moves its files, and says so", () => {
    const { warnings, mounts } = migrateConfig("model_cache:\n- repo_id: org/model\n  use_volume: false\n");
    expect(warnings[0]?.message).toContain("/app/model_cache/org_model");
    const lines = findAffectedLines(
      [
        {
          file: "model/model.py",
          text: 'import os\npipe = load("org/model")\nother = load("org/model-two")\n',
        },
      ],
      mounts,
    );
    expect(lines).toEqual([
      {
        file: "model/model.py",
        line: 2,
        text: 'pipe = load("org/model")',
        advice: "Use /app/model_cache/org_model.",
      },
    ]);
  });

  test("takes az:// for azure://, and warns that the account may be missing", () => {
    const { yaml, warnings } = migrateConfig(
      "model_cache:\n- repo_id: az://box/path\n  kind: azure\n  use_volume: true\n  volume_folder: w\n",
    );
    expect(yaml).toContain("source: azure://box/path");
    expect(warnings.map(({ code }) => code)).toEqual(["CONFIG_AMBIGUOUS"]);
  });

  test("with entries behind aliases is written anew, which is said", () => {
    const { yaml, warnings } = migrateConfig(
      "x: &one {repo_id: a/b, revision: main, use_volume: true, volume_folder: m}\nmodel_cache:\n- *one\n",
    );
    expect(yaml).toContain("- source: hf://a/b@main");
    expect(warnings).toHaveLength(1);
  });

  test("with invalid entries is refused with their places", () => {
    expect(() => migrateConfig("model_cache:\n- repo_id: a/b\n", { file: "config.yaml" })).toThrow(
      /config\.yaml:2:3/,
    );
  });
});

describe("a config with external_data", () => {
  test("moves it behind the entries of model_cache, with its comments", () => {
    const { yaml, mounts } = migrateConfig(`external_data: # labels
- url: https://example.com/labels.json # of 2024
  local_data_path: labels.json
  name: labels
model_cache:
  - repo_id: a/b
    revision: main
    use_volume: true
    volume_folder: m
`);
    expect(yaml).toMatchInlineSnapshot(`
      "weights:
        - source: hf://a/b@main
          auth_secret_name: hf_access_token
          mount_location: /app/model_cache/m
        # labels
        - source: https://example.com/labels.json # of 2024
          mount_location: /app/data/labels.json
      "
    `);
    expect(mounts.map(({ after }) => after)).toEqual(["/app/model_cache/m", "/app/data/labels.json"]);
  });

  test("from a source that weights cannot have is migrated, and the refusal foretold", () => {
    const { problems } = migrateConfig("external_data: [{url: http://example.com/x, local_data_path: x}]\n");
    expect(problems.map(({ location }) => location?.path)).toEqual([["weights", 0, "source"]]);
  });
});

test.each(["", "weights: [{source: hf://a/b, mount_location: /m}]\nmodel_cache: []\n", "model_cache: []\n"])(
  "%j has nothing to migrate",
  (yaml) => {
    expect(migrateConfig(yaml)).toMatchObject({ changed: false, yaml });
  },
);

test("two buckets at one place are foretold as a problem", () => {
  const { problems } = migrateConfig(
    "model_cache:\n- {repo_id: s3://b/x, kind: s3, use_volume: false}\n- {repo_id: s3://b/y, kind: s3, use_volume: false}\n",
  );
  expect(problems[0]?.message).toContain("is taken by");
});

test("what cannot be read is not migrated", () => {
  expect(() => migrateConfig("model_cache: [")).toThrow(ChainsError);
});

test("a byte order mark and line breaks of Windows stay", () => {
  const { yaml, problems } = migrateConfig(
    "\uFEFFmodel_cache:\r\n- repo_id: org/model\r\n  revision: main\r\n  use_volume: true\r\n  volume_folder: m\r\nmodel_name: a\r\n",
  );
  expect(yaml).toBe(
    "\uFEFFweights:\r\n- source: hf://org/model@main\r\n  auth_secret_name: hf_access_token\r\n  mount_location: /app/model_cache/m\r\nmodel_name: a\r\n",
  );
  expect(problems).toEqual([]);
});
