import { ChainsError } from "@truss-chains/errors";
import { expect, test } from "vitest";
import {
  Assets,
  ChainletOptions,
  Compute,
  CustomImage,
  DockerImage,
  ExternalData,
  HealthChecks,
  ModelRepo,
  RemoteConfig,
  RPCOptions,
  Transport,
  WeightsAuth,
  WeightsSource,
} from "../index.ts";

/** The messages of what a constructor throws; an empty list when it does not throw. */
function faultsOf(make: () => unknown): string[] {
  try {
    make();
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(ChainsError);
    expect((error as ChainsError).code).toBe("CHAINLET_OPTIONS_INVALID");
    return (error as ChainsError).problems.map(({ message, fix }) => (fix ? `${message} ${fix}` : message));
  }
}

test("everything has the default that it has in Truss", () => {
  expect(JSON.parse(JSON.stringify(new RemoteConfig()))).toEqual({
    dockerImage: { aptRequirements: [], npmRequirements: [], externalPackages: [] },
    compute: { cpuCount: 1, memory: "2Gi", gpuCount: 1, predictConcurrency: 1 },
    assets: { cached: [], weights: [], secretKeys: [], externalData: [] },
    options: {
      enableB10Tracing: false,
      enableDebugLogs: false,
      envVariables: {},
      healthChecks: {},
      streamingReadTimeout: 60,
      workerThreads: 0,
    },
    buildCommands: [],
  });
  expect({ ...new RPCOptions() }).toEqual({
    retries: 1,
    timeoutSec: 600,
    useBinary: false,
    concurrencyLimit: 300,
  });
});

const hub = { repoId: "owner/repo", revision: "main", useVolume: true, volumeFolder: "repo" };
const source = { source: "hf://owner/repo@main", mountLocation: "/models/repo" };

const WRONG: [what: string, make: (init: any) => unknown, init: unknown, faults: string[]][] = [
  ["Compute", (i) => new Compute(i), { cpuCount: 0 }, ["Compute.cpuCount must be a number above 0, got 0."]],
  ["Compute", (i) => new Compute(i), { cpuCount: "4" }, ["Compute.cpuCount must be a number, got a string."]],
  [
    "Compute",
    (i) => new Compute(i),
    { cpuCount: Number.NaN },
    ["Compute.cpuCount must be a number above 0, got NaN."],
  ],
  [
    "Compute",
    (i) => new Compute(i),
    { memory: "2 GB" },
    [
      'Compute.memory is not valid: "2 GB" is not an amount of memory. Write a number and a unit, such as "16Gi".',
    ],
  ],
  [
    "Compute",
    (i) => new Compute(i),
    { gpu: "l4" },
    [expect.stringMatching(/^Compute\.gpu must be one of .*; got "l4"\.$/) as never],
  ],
  [
    "Compute",
    (i) => new Compute(i),
    { gpuCount: 1.5 },
    ["Compute.gpuCount must be a whole number of at least 1, got 1.5."],
  ],
  [
    "Compute",
    (i) => new Compute(i),
    { predictConcurrency: "cpus" },
    ["Compute.predictConcurrency must be a number, got a string."],
  ],
  [
    "Compute",
    (i) => new Compute(i),
    { cpu_count: 2 },
    ["Compute.cpu_count is not a known field. Did you mean `cpuCount`?"],
  ],
  [
    "Compute",
    (i) => new Compute(i),
    "big",
    ["Compute takes an object, got a string. Write its fields in braces: { … }."],
  ],
  [
    "RemoteConfig",
    (i) => new RemoteConfig(i),
    { compute: "big" },
    ["RemoteConfig.compute must be a Compute, got a string. Write new Compute({ … })."],
  ],
  [
    "RemoteConfig",
    (i) => new RemoteConfig(i),
    { compute: new Assets() },
    ["RemoteConfig.compute must be a Compute, got an instance of Assets. Write new Compute({ … })."],
  ],
  ["RemoteConfig", (i) => new RemoteConfig(i), { name: 3 }, ["RemoteConfig.name must be a string, got 3."]],
  [
    "RemoteConfig",
    (i) => new RemoteConfig(i),
    { buildCommands: "apt update" },
    ["RemoteConfig.buildCommands must be a list of strings, got a string."],
  ],
  [
    "DockerImage",
    (i) => new DockerImage(i),
    { baseImage: "node:22" },
    ["DockerImage.baseImage must be a CustomImage, got a string. Write new CustomImage({ … })."],
  ],
  [
    "DockerImage",
    (i) => new DockerImage(i),
    { aptRequirements: ["git", 3] },
    ["DockerImage.aptRequirements[1] must be a string, got 3."],
  ],
  ["CustomImage", (i) => new CustomImage(i), {}, ["CustomImage.image is required. Give it a string."]],
  ["CustomImage", (i) => new CustomImage(i), { image: "" }, ["CustomImage.image must not be empty."]],
  [
    "CustomImage",
    (i) => new CustomImage(i),
    { image: "i", pythonExecutablePath: "python3" },
    ['CustomImage.pythonExecutablePath must be an absolute path, got "python3".'],
  ],
  [
    "Assets",
    (i) => new Assets(i),
    { secretKeys: "hf_access_token" },
    ["Assets.secretKeys must be a list of strings, got a string."],
  ],
  [
    "Assets",
    (i) => new Assets(i),
    { cached: new ModelRepo(hub) },
    ["Assets.cached must be a list of ModelRepo, got an instance of ModelRepo."],
  ],
  [
    "Assets",
    (i) => new Assets(i),
    { cached: [new ModelRepo(hub), 3] },
    ["Assets.cached[1] must be a ModelRepo, got 3. Write new ModelRepo({ … })."],
  ],
  [
    "Assets",
    (i) => new Assets(i),
    { cached: [hub], weights: [source] },
    [
      "Assets.cached and `weights` cannot both be used in one chainlet. Move the cached repositories to `weights`: chains migrate does it.",
    ],
  ],
  [
    "Assets",
    (i) => new Assets(i),
    { cached: [hub, { repoId: "o/r", useVolume: false }] },
    ["Assets.cached mixes useVolume true and false. Use one of them for all entries."],
  ],
  [
    "Assets",
    (i) => new Assets(i),
    { weights: [source, source] },
    ['Assets.weights mounts two sources at "/models/repo". Give each its own mountLocation.'],
  ],
  [
    "ExternalData",
    (i) => new ExternalData(i),
    { url: "https://x", localDataPath: "../up" },
    ['ExternalData.localDataPath must stay inside the data directory, got "../up".'],
  ],
  [
    "ModelRepo",
    (i) => new ModelRepo(i),
    { repoId: "o/r" },
    ["ModelRepo.useVolume is required. Give it true or false."],
  ],
  [
    "ModelRepo",
    (i) => new ModelRepo(i),
    { ...hub, revision: undefined },
    [
      "ModelRepo.revision is required for a Hugging Face repository with a volume. Pick a commit at https://huggingface.co/owner/repo/commits/main.",
    ],
  ],
  [
    "ModelRepo",
    (i) => new ModelRepo(i),
    { ...hub, revision: "1" },
    ['ModelRepo.revision must be empty or at least 2 characters, got "1".'],
  ],
  [
    "ModelRepo",
    (i) => new ModelRepo(i),
    { ...hub, volumeFolder: undefined },
    ["ModelRepo.volumeFolder is required with a volume. It names the folder under /app/model_cache."],
  ],
  [
    "ModelRepo",
    (i) => new ModelRepo(i),
    { ...hub, volumeFolder: "../up" },
    ['ModelRepo.volumeFolder must be a plain folder name, got "../up".'],
  ],
  [
    "ModelRepo",
    (i) => new ModelRepo(i),
    { ...hub, kind: "hub" },
    ['ModelRepo.kind must be one of hf, gcs, s3, azure; got "hub".'],
  ],
  [
    "WeightsSource",
    (i) => new WeightsSource(i),
    { ...source, mountLocation: "models" },
    ['WeightsSource.mountLocation must be an absolute path, got "models".'],
  ],
  [
    "WeightsSource",
    (i) => new WeightsSource(i),
    { ...source, source: "owner/repo" },
    [expect.stringContaining('The source "owner/repo" has no scheme. Begin it with one of') as never],
  ],
  [
    "WeightsAuth",
    (i) => new WeightsAuth(i),
    {},
    ["WeightsAuth.authMethod is required. One of CUSTOM_SECRET, AWS_OIDC, GCP_OIDC."],
  ],
  [
    "WeightsAuth",
    (i) => new WeightsAuth(i),
    { authMethod: "CUSTOM_SECRET" },
    ["WeightsAuth.authSecretName is required for CUSTOM_SECRET."],
  ],
  [
    "WeightsAuth",
    (i) => new WeightsAuth(i),
    {
      authMethod: "GCP_OIDC",
      authSecretName: "s",
      gcpOidcServiceAccount: "a",
      gcpOidcWorkloadIdProvider: "p",
    },
    ["WeightsAuth.authSecretName is not allowed for GCP_OIDC."],
  ],
  [
    "ChainletOptions",
    (i) => new ChainletOptions(i),
    { envVariables: { A: 1 } },
    ["ChainletOptions.envVariables.A must be a string, got 1."],
  ],
  [
    "ChainletOptions",
    (i) => new ChainletOptions(i),
    { metadata: { big: [1, { n: 12n }] } },
    [
      "ChainletOptions.metadata.big[1].n must be a value that JSON has, got a bigint. Use strings, finite numbers, booleans, null, lists and plain objects; no object inside of itself.",
    ],
  ],
  [
    "ChainletOptions",
    (i) => new ChainletOptions(i),
    { metadata: { of: () => 3 } },
    [
      "ChainletOptions.metadata.of must be a value that JSON has, got the class or function of. Use strings, finite numbers, booleans, null, lists and plain objects; no object inside of itself.",
    ],
  ],
  [
    "ChainletOptions",
    (i) => new ChainletOptions(i),
    { metadata: { chains_metadata: {} } },
    ["ChainletOptions.metadata must not hold `chains_metadata`. That key is written by the build."],
  ],
  [
    "ChainletOptions",
    (i) => new ChainletOptions(i),
    { streamingReadTimeout: 0 },
    ["ChainletOptions.streamingReadTimeout must be a whole number of at least 1, got 0."],
  ],
  [
    "ChainletOptions",
    (i) => new ChainletOptions(i),
    { workerThreads: -1 },
    ["ChainletOptions.workerThreads must be a whole number of at least 0, got -1."],
  ],
  [
    "ChainletOptions",
    (i) => new ChainletOptions(i),
    { enableDebugLogs: "yes" },
    ["ChainletOptions.enableDebugLogs must be true or false, got a string."],
  ],
  [
    "HealthChecks",
    (i) => new HealthChecks(i),
    { restartThresholdSeconds: 1.5 },
    ["HealthChecks.restartThresholdSeconds must be a whole number of at least 0, got 1.5."],
  ],
  ["Transport", (i) => new Transport(i), {}, ["Transport.kind is required. One of http, websocket, grpc."]],
  [
    "Transport",
    (i) => new Transport(i),
    { kind: "http", pingIntervalSeconds: 3 },
    ['Transport.kind "http" has no pings. Use kind: "websocket".'],
  ],
  [
    "RPCOptions",
    (i) => new RPCOptions(i),
    { timeoutSec: Number.POSITIVE_INFINITY },
    ["RPCOptions.timeoutSec must be a number above 0, got Infinity."],
  ],
  [
    "RPCOptions",
    (i) => new RPCOptions(i),
    { concurrencyLimit: 0 },
    ["RPCOptions.concurrencyLimit must be a whole number of at least 1, got 0."],
  ],
];

test.each(WRONG)("%s names the wrong field (%#)", (_, make, init, faults) => {
  expect(faultsOf(() => make(init))).toEqual(faults);
});

test("all wrong fields are named at once, those of nested objects too", () => {
  const init = { name: 3, compute: { cpuCount: 0, memory: "x" }, assets: { secretKey: [] }, extra: 1 };
  expect(faultsOf(() => new RemoteConfig(init as never))).toEqual([
    expect.stringContaining("RemoteConfig.extra is not a known field."),
    expect.stringContaining("Compute.cpuCount"),
    expect.stringContaining("Compute.memory"),
    "Assets.secretKey is not a known field. Did you mean `secretKeys`?",
    "RemoteConfig.name must be a string, got 3.",
  ]);
});

test("the error's message lists every fault, for those who only see that", () => {
  expect(() => new Compute({ cpuCount: 0, gpuCount: 0 })).toThrow(
    [
      "Compute has 2 faults:",
      "  Compute.cpuCount must be a number above 0, got 0.",
      "  Compute.gpuCount must be a whole number of at least 1, got 0.",
    ].join("\n"),
  );
});

test("a wrong value is never shown where it could be a secret", () => {
  const secret = "hf_abcdefghijklmnop";
  for (const make of [
    () => new Assets({ secretKeys: secret as never }),
    () => new ChainletOptions({ envVariables: { TOKEN: [secret] } as never }),
    () => new RemoteConfig({ compute: secret as never }),
    () => new CustomImage({ image: "i", dockerAuth: secret as never }),
  ]) {
    expect(make).toThrow(ChainsError);
    expect(faultsOf(make).join()).not.toContain(secret);
  }
});

test("a plain object stands for its class", () => {
  const config = new RemoteConfig({ compute: { gpu: "L4" } as Compute });
  expect(config.compute).toBeInstanceOf(Compute);
  expect(config.compute.memory).toBe("2Gi");
});

test("options cannot be changed later", () => {
  const config = new RemoteConfig({ assets: new Assets({ secretKeys: ["a"] }) });
  expect(() => {
    (config as { name: string | undefined }).name = "other";
  }).toThrow(TypeError);
  expect(() => {
    (config.assets.secretKeys as string[]).push("b");
  }).toThrow(TypeError);
});

test("what was given is copied: changing it later changes nothing", () => {
  const secretKeys = ["a"];
  const envVariables = { LEVEL: "info" };
  const assets = new Assets({ secretKeys });
  const options = new ChainletOptions({ envVariables });
  secretKeys.push("b");
  envVariables.LEVEL = "debug";
  expect(assets.secretKeys).toEqual(["a"]);
  expect(options.envVariables).toEqual({ LEVEL: "info" });
});

test("cpu_count stands for as many requests as there are CPUs", () => {
  expect(new Compute({ cpuCount: 4, predictConcurrency: "cpu_count" }).predictConcurrency).toBe(4);
  expect(new Compute({ cpuCount: 0.5, predictConcurrency: "cpu_count" }).predictConcurrency).toBe(1);
});
