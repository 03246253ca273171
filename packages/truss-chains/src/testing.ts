export {
  type Fake,
  type FakeEndpoint,
  type Fault,
  type FaultPlan,
  fake,
  type ServiceEntry,
} from "@truss-chains/testing";
