export {
  type Fake,
  type FakeEndpoint,
  type Fault,
  type FaultPlan,
  fake,
  fakeContext,
  fakeRequest,
  type ServiceEntry,
} from "@truss-chains/testing";
