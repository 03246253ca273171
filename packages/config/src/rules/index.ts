// Pure string rules of config.yaml, apart from the zod schemas: the authoring classes check with them at run time, in
// processes that should not have to load a schema library.
export { ACCELERATORS, type Accelerator } from "./accelerators.ts";
export { checkMemory } from "./memory.ts";
export { checkWeightsSource, WEIGHTS_SCHEMES } from "./weights-source.ts";
