export { type LocalRun, type Override, type RunLocalOptions, runLocal } from "@truss-chains/testing";
export * from "./authoring.ts";
