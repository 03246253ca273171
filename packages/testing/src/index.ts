export type { ServiceEntry } from "./local-services.ts";
export type { Override } from "./overrides.ts";
export { type LocalRun, type RunLocalOptions, runLocal } from "./run-local.ts";
