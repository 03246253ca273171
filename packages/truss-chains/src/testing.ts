export {
  type Fake,
  type FakeEndpoint,
  type Fault,
  type FaultPlan,
  fake,
  type LocalRun,
  type Override,
  type RunLocalOptions,
  runLocal,
  type ServiceEntry,
} from "@truss-chains/testing";
