export type { Override } from "./by-class.ts";
export { type Fake, type FakeEndpoint, fake } from "./fake.ts";
export type { Fault, FaultPlan } from "./faults.ts";
export type { ServiceEntry } from "./local-services.ts";
export { type LocalRun, type RunLocalOptions, runLocal } from "./run-local.ts";
