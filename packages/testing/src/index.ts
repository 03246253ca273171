export type { Override } from "./by-class.ts";
export { type Fake, type FakeEndpoint, fake } from "./fake.ts";
export { fakeContext } from "./fake-context.ts";
export { fakeRequest } from "./fake-request.ts";
export type { Fault, FaultPlan } from "./faults.ts";
export type { ServiceEntry } from "./local-services.ts";
export { type LocalRun, type RunLocalOptions, runLocal } from "./run-local.ts";
