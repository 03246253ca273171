// Rules about single texts of config.yaml, apart from the zod schemas: the authoring classes check with them at run
// time, in processes that should not have to load a schema library.
export { ACCELERATORS, type Accelerator } from "./accelerators.ts";
export { checkCpu } from "./cpu.ts";
export { Fault } from "./fault.ts";
export { checkMemory, memoryInBytes } from "./memory.ts";
export {
  checkMountLocation,
  checkWeightsSource,
  splitSource,
  WEIGHTS_SCHEMES,
  type WeightsScheme,
} from "./weights-source.ts";
