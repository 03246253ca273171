export { lockDrift, requireNoDrift } from "./lock/drift.ts";
export {
  createLockfile,
  type LockedFile,
  type LockedSource,
  type Lockfile,
  renderLockfile,
} from "./lock/lockfile.ts";
export { parseLockfile } from "./lock/parse-lockfile.ts";
export { readLockfile } from "./lock/read-lockfile.ts";
export {
  type CreateManifestOptions,
  createManifest,
  type ModelCacheEntry,
  type ResolvedModelCache,
  resolveModelCache,
} from "./manifest/create.ts";
export { MANIFEST_PATHS, manifestPaths, readManifests, STATIC_MANIFEST_PATH } from "./manifest/locations.ts";
export { parseManifest } from "./manifest/parse.ts";
export type { HashType, Manifest, ManifestModel, Pointer, Resolution } from "./manifest/pointer.ts";
export { renderManifest } from "./manifest/render.ts";
export { type Pin, type PinEdit, type PinnedText, pinsOf } from "./pin/pin.ts";
export { pinTypeScript } from "./pin/pin-typescript.ts";
export { pinYaml } from "./pin/pin-yaml.ts";
export { planPinned } from "./pin/plan-pinned.ts";
export { mountDirectory, type WeightsEntry, type WeightsRequest } from "./plan/demand.ts";
export { type PlannedSource, type PlanOptions, planWeights, type WeightsPlan } from "./plan/plan.ts";
export { type PullOptions, planManifest, pullWeights } from "./plan/pull.ts";
export { type VerifiedFile, verifyWeights } from "./plan/verify.ts";
export { transferProgram } from "./resolver/background.ts";
export {
  type BlockOptions,
  LazyDataResolver,
  type ResolverLog,
  type ResolverState,
  type WeightsProgress,
} from "./resolver/lazy-data-resolver.ts";
export { type StartResolverOptions, startResolver } from "./resolver/start.ts";
export { type MetricSample, transferMetrics } from "./run/metrics.ts";
export { type RunOptions, type RunResult, runTransfer, sourceContext } from "./run/run.ts";
export type { TransferStats } from "./run/stats.ts";
export { readSettings, type Settings } from "./settings.ts";
export type { SourceContext } from "./sources/fetcher.ts";
export {
  type ProvideOptions,
  storeDirectory,
  WeightsStore,
  type WeightsStoreOptions,
} from "./store/weights-store.ts";
export type { TransferEvent, TransferProgress } from "./transfer/events.ts";
