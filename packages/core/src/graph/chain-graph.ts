import type { Location } from "@truss-chains/errors";
import type { ChainletKind } from "../describe/descriptor.ts";
import type { EndpointSchemas } from "../describe/endpoint-contract.ts";
import type { DockerAuth } from "../options/custom-image.ts";
import type { RemoteConfigInit } from "../options/remote-config.ts";
import type { ResolvedRPCOptions } from "../types/deployment-context.ts";

/** A call that one chainlet may make to another. */
export interface ChainEdge {
  /** Class name of the callee. */
  readonly target: string;
  /** Position of the constructor parameter that receives the stub. */
  readonly parameter: number;
  readonly options: ResolvedRPCOptions;
}

/** One chainlet of a chain, as plain data. */
export interface ChainNode {
  /** Class name; unique in the chain. */
  readonly name: string;
  /** Unique in the chain. */
  readonly displayName: string;
  readonly kind: ChainletKind;
  readonly location: Location;
  readonly endpoint: EndpointSchemas;
  /** Hash of the endpoint's schemas. */
  readonly contract: string;
  /** Direct dependencies, in the order of the constructor's parameters. */
  readonly dependencies: readonly ChainEdge[];
  /** What the constructor asks for besides dependencies. */
  readonly usesContext: boolean;
  readonly usesResolver: boolean;
  readonly hasHealthCheck: boolean;
  /** With every default filled in. */
  readonly remoteConfig: PlainRemoteConfig;
  /** What the kinds other than `code` were given. */
  readonly foreign: ForeignNode | undefined;
}

/** `CustomImage` without its class. */
export interface PlainImage {
  readonly image: string;
  readonly pythonExecutablePath?: string | undefined;
  readonly dockerAuth?: DockerAuth | undefined;
}

/** What a chainlet that runs elsewhere was given. */
export type ForeignNode =
  | { readonly kind: "truss"; readonly trussDir: string }
  | {
      readonly kind: "docker_server";
      readonly baseImage: PlainImage;
      readonly startCommand: string | undefined;
      readonly serverPort: number;
      readonly predictEndpoint: string;
      readonly readinessEndpoint: string;
      readonly livenessEndpoint: string;
      readonly runAsUserId: number | undefined;
      readonly noBuild: boolean | undefined;
    }
  | { readonly kind: "engine_builder"; readonly engineBuilderConfig: Readonly<Record<string, unknown>> };

/** `RemoteConfig` without its classes: what `JSON.parse(JSON.stringify(remoteConfig))` gives. */
export type PlainRemoteConfig = Required<Omit<RemoteConfigInit, "name">> & { readonly name?: string };

/** A whole chain as frozen plain data. The same source always gives the same graph, in the same order. */
export interface ChainGraph {
  /** The name given to `@markEntrypoint`, else the entrypoint's display name. */
  readonly name: string;
  /** Class name of the entrypoint. */
  readonly entrypoint: string;
  /** Dependencies before their dependants; the entrypoint last. */
  readonly nodes: readonly ChainNode[];
}
