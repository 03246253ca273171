import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { buildChain } from "@truss-chains/compiler";
import { discoverChain } from "@truss-chains/compiler/discover";
import { parseConfig, toDict } from "@truss-chains/config";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { IMPORTS, makeProject } from "../../support/project.ts";

const PYTHON = process.env["CHAINS_TRUSS_PYTHON"];
const SCHEMA = fileURLToPath(
  new URL("../../../../shared/reference/truss-config.schema.json", import.meta.url),
);
const LOADER = fileURLToPath(new URL("load_configs.py", import.meta.url));

// One chain that uses everything that a chain can emit.
const CHAIN = `${IMPORTS}
const HEALTH = new HealthChecks({ restartCheckDelaySeconds: 5, startupThresholdSeconds: 600 });
@Chainlet({ remoteConfig: new RemoteConfig({
  name: "everything-1",
  dockerImage: new DockerImage({
    baseImage: new CustomImage({ image: "registry.example/node:22", pythonExecutablePath: "/usr/bin/python3",
      dockerAuth: { authMethod: "AWS_OIDC", awsOidcRoleArn: "arn:x", awsOidcRegion: "us-west-2", registry: "registry.example" } }),
    aptRequirements: ["ffmpeg"],
  }),
  compute: new Compute({ cpuCount: 4, memory: "16Gi", gpu: "A100", gpuCount: 2, predictConcurrency: "cpu_count" }),
  assets: new Assets({
    weights: [
      new WeightsSource({ source: "hf://org/model@main", mountLocation: "/models/a", authSecretName: "hf_access_token", allowPatterns: ["*.json"] }),
      new WeightsSource({ source: "s3://bucket/path", mountLocation: "/models/b", auth: { authMethod: "AWS_OIDC", awsOidcRoleArn: "arn:y", awsOidcRegion: "eu-west-1" } as any }),
    ],
    secretKeys: ["hf_access_token"],
    externalData: [{ url: "https://example.com/x.bin", localDataPath: "x.bin" }],
  }),
  options: new ChainletOptions({ enableB10Tracing: true, enableDebugLogs: true, envVariables: { MODE: "on", N: "017" }, healthChecks: HEALTH,
    metadata: { tags: ["one"], example_model_input: { a: null } }, streamingReadTimeout: 90 }),
  buildCommands: ["echo 'hello: world'"],
}) })
export class Everything extends ChainletBase { @endpoint({ stream: z.string() }) async *runRemote() { yield "x"; } }

@Chainlet({ remoteConfig: new RemoteConfig({ compute: new Compute({ instanceType: "L4:4x16" }), assets: new Assets({
  cached: [new ModelRepo({ repoId: "org/model", revision: "abcdef", useVolume: true, volumeFolder: "m", ignorePatterns: ["*.bin"] })] }) }) })
export class Cached extends ChainletBase {
  constructor(@resolver() readonly weights: LazyDataResolver) { super(); }
  @endpoint() async runRemote() {} }

@Chainlet({ remoteConfig: new RemoteConfig({ compute: new Compute({ gpu: "H100" }) }) })
export class Vllm extends DockerServerChainlet({ image: "vllm/vllm-openai:v0.9.0", startCommand: "vllm serve x", serverPort: 8000,
  predictEndpoint: "/v1/chat/completions", runAsUserId: 1000 }) {}

@Chainlet({ remoteConfig: new RemoteConfig({ compute: new Compute({ gpu: "H100" }) }) })
export class Llama extends EngineBuilderLLMChainlet({ engineBuilderConfig: { build: { base_model: "decoder",
  checkpoint_repository: { source: "HF", repo: "org/llama" }, max_seq_len: 4096 } } }) {}

@Chainlet() export class Old extends TrussChainlet({ trussDir: "./old" }) {}

@markEntrypoint("All of it")
@Chainlet({ remoteConfig: new RemoteConfig({ options: new ChainletOptions({ transport: new Transport({ kind: "websocket", pingIntervalSeconds: 5 }) }) }) })
export class Main extends ChainletBase {
  constructor(@depends(Everything, { retries: 3, useBinary: true }) readonly a: Remote<Everything>, @depends(Cached) readonly b: Remote<Cached>,
    @depends(Vllm) readonly c: Remote<Vllm>, @depends(Llama) readonly d: Remote<Llama>, @depends(Old) readonly e: Remote<Old>) { super(); }
  @endpoint({ receive: z.string(), send: z.string() }) async runRemote(socket: any): Promise<void> { await socket.close(); } }
`;

async function configs(): Promise<string[]> {
  const project = await makeProject({
    "chain.ts": CHAIN,
    "old/config.yaml": "model_name: old\npython_version: py311\nrequirements: [torch]\n",
    "old/model/model.py": "class Model: pass\n",
  });
  const built = await buildChain(await discoverChain(project.path("chain.ts")), project.path("out"));
  return Object.values(built.trussDirectories).map((directory) => join(directory, "config.yaml"));
}

test.skipIf(!existsSync(SCHEMA))("every emitted config fits the published schema", async () => {
  const validate = new Ajv2020({ strict: false }).compile(JSON.parse(await readFile(SCHEMA, "utf8")));
  for (const file of await configs()) {
    validate(parse(await readFile(file, "utf8"), { version: "1.1" }));
    expect(validate.errors, file).toBeNull();
  }
});

test.skipIf(!PYTHON)("the real Truss loads every emitted config, and reads what we meant", async () => {
  const files = await configs();
  const { stdout } = await promisify(execFile)(PYTHON!, [LOADER, ...files], { maxBuffer: 1e8 });
  const read = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const meant = await Promise.all(
    files.map(async (file) => toDict(parseConfig(await readFile(file, "utf8")).config, { verbose: true })),
  );
  expect(read).toEqual(JSON.parse(JSON.stringify(meant)));
});
