export {
  DATA_ROOT,
  MODEL_CACHE_ROOT,
  MODEL_REPO_KINDS,
  type ModelRepoKind,
  PYTHON_VERSIONS,
  type PythonVersion,
  RESERVED_ENVIRONMENT_VARIABLES,
} from "./constants.ts";
export { type DumpOptions, toDict } from "./dump.ts";
export { type ConfigChange, editConfig } from "./edit/edit.ts";
export { configJsonSchema } from "./json-schema.ts";
export { type AffectedLine, findAffectedLines, type SourceText } from "./migrate/affected-lines.ts";
export {
  convertExternalData,
  convertModelRepo,
  type MigratedEntry,
  type MountChange,
} from "./migrate/convert.ts";
export { type Migration, migrateConfig } from "./migrate/migrate.ts";
export { withoutTransferTool } from "./migrate/start-command.ts";
export { type ParsedConfig, parseConfig, parseConfigObject } from "./parse.ts";
export { checkForPush } from "./push.ts";
export type { ParseOptions } from "./read.ts";
export { type RenderOptions, renderConfig, SCHEMA_COMMENT } from "./render.ts";
export {
  ACCELERATORS,
  type Accelerator,
  checkCpu,
  checkMemory,
  checkMountLocation,
  checkWeightsSource,
  Fault,
  memoryInBytes,
  splitSource,
  WEIGHTS_SCHEMES,
  type WeightsScheme,
} from "./rules/index.ts";
export type { BaseImage, DockerAuth } from "./schema/base-image.ts";
export type { BisLlm } from "./schema/bis-llm.ts";
export type { Build } from "./schema/build.ts";
export type { DockerServer } from "./schema/docker-server.ts";
export type { EgressRestrictions } from "./schema/egress.ts";
export type { ExternalDataItem } from "./schema/external-data.ts";
export { checkRevision, type ModelRepo, modelRepo } from "./schema/model-repo.ts";
export {
  type AcceleratorSpec,
  acceleratorOf,
  type Fabric,
  parseAccelerator,
  type Resources,
} from "./schema/resources.ts";
export type { HealthChecks, Runtime } from "./schema/runtime.ts";
export type { TrainingCheckpoints } from "./schema/training-checkpoints.ts";
export { TRANSPORT_KINDS, type Transport } from "./schema/transport.ts";
export type { TrtLlmBuild } from "./schema/trt-llm/build.ts";
export type { CheckpointRepository } from "./schema/trt-llm/checkpoint.ts";
export type { TrtLlmRuntimeV1, TrtLlmRuntimeV2, VersionOverrides } from "./schema/trt-llm/runtime.ts";
export type { TrtLlm, TrtLlmV1, TrtLlmV2 } from "./schema/trt-llm/stacks.ts";
export type { TrussConfig } from "./schema/truss-config.ts";
export {
  type WeightsAuth,
  type WeightsSource,
  weightsSource,
} from "./schema/weights.ts";
