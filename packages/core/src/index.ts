// For authors; the facade `truss-chains` passes these on.
export { Chainlet, type ChainletDecoratorOptions } from "./authoring/chainlet.ts";
export { ChainletBase, extendsChainletBase } from "./authoring/chainlet-base.ts";
export type { ChainletClass, ChainletWithEndpoint } from "./authoring/chainlet-class.ts";
export { constructAs, constructedByHand } from "./authoring/construction.ts";
export { endpoint } from "./authoring/endpoint.ts";
export type { EndpointSpec, StreamSpec, UnarySpec, WebSocketSpec } from "./authoring/endpoint-spec.ts";
export { context, depends, resolver } from "./authoring/inject.ts";
export { markEntrypoint } from "./authoring/mark-entrypoint.ts";
// For the rooms above: chainlet classes as resolved data.
export { isChainletClass } from "./authoring/metadata.ts";
export { compareEndpoints, type SchemaChange } from "./describe/compare-schemas.ts";
export { describeChainlet, describeDependency, remoteConfigOf } from "./describe/describe-chainlet.ts";
export type {
  ChainletDescriptor,
  ChainletKind,
  DependencyDescriptor,
  EndpointDescriptor,
  ParameterDescriptor,
} from "./describe/descriptor.ts";
export {
  contractOf,
  type EndpointContract,
  type EndpointSchemas,
  endpointContract,
} from "./describe/endpoint-contract.ts";
export { type JsonSchema, toJsonSchema } from "./describe/json-schema.ts";
export { locate } from "./describe/locate.ts";
export { lineage } from "./describe/members.ts";
export { SOURCE_FACTS_KEY, type SourceFacts, sourceFactsOf } from "./describe/source-facts.ts";
export { STUB_KEY, type StubData } from "./describe/stub-class.ts";
export { assertValidChain, buildGraph } from "./graph/build-graph.ts";
export type {
  ChainEdge,
  ChainGraph,
  ChainNode,
  ForeignNode,
  PlainRemoteConfig,
} from "./graph/chain-graph.ts";
export { chainClasses, checkChain } from "./graph/check-chain.ts";
export type { CheckedClass } from "./graph/checks/report.ts";
export { exportedChainlets, selectEntrypoint } from "./graph/select-entrypoint.ts";
export { DockerServerChainlet, type DockerServerOptions } from "./kinds/docker-server-chainlet.ts";
export {
  EngineBuilderLLMChainlet,
  type EngineBuilderLLMInput,
  type EngineBuilderOptions,
} from "./kinds/engine-builder-chainlet.ts";
export { TrussChainlet, type TrussChainletOptions } from "./kinds/truss-chainlet.ts";
export { Assets, type AssetsInit, ExternalData, type ExternalDataInit } from "./options/assets.ts";
export { ChainletOptions, type ChainletOptionsInit } from "./options/chainlet-options.ts";
export { type CollectedFaults, collectFaults } from "./options/collected-faults.ts";
export { Compute, type ComputeInit } from "./options/compute.ts";
export { CustomImage, type CustomImageInit, type DockerAuth } from "./options/custom-image.ts";
export { DockerImage, type DockerImageInit } from "./options/docker-image.ts";
export { HealthChecks, type HealthChecksInit } from "./options/health-checks.ts";
export { ModelRepo, type ModelRepoInit } from "./options/model-repo.ts";
export { RemoteConfig, type RemoteConfigInit } from "./options/remote-config.ts";
export { RPCOptions, type RPCOptionsInit } from "./options/rpc-options.ts";
export { Transport, type TransportInit } from "./options/transport.ts";
export {
  WeightsAuth,
  type WeightsAuthInit,
  WeightsSource,
  type WeightsSourceInit,
} from "./options/weights-source.ts";
export type { DeploymentContext, ResolvedRPCOptions, ServiceDescriptor } from "./types/deployment-context.ts";
export type { Mismatch } from "./types/endpoint-check.ts";
export type { LazyDataResolver, WeightsProgress } from "./types/lazy-data-resolver.ts";
export type { CallOptions, Remote } from "./types/remote.ts";
export type { RequestContext, RequestLog } from "./types/request-context.ts";
export type { CallerInput, Input, Schema, SchemaInput, SchemaOutput } from "./types/schema.ts";
export type { WebSocketConnection } from "./types/websocket.ts";
