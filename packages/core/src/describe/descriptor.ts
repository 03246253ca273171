import type { ChainletClass } from "../authoring/chainlet-class.ts";
import type { ResolvedRPCOptions } from "../types/deployment-context.ts";
import type { Schema } from "../types/schema.ts";
import type { EndpointContract } from "./endpoint-contract.ts";

/** What serves the chainlet: our runtime, an existing truss, a custom server, or a TensorRT-LLM engine. */
export type ChainletKind = "code" | "truss" | "docker_server" | "engine_builder";

/** The endpoint of a chainlet, with its schemas where it has any. */
export type EndpointDescriptor =
  | { readonly kind: "unary"; readonly input: Schema | undefined; readonly output: Schema | undefined }
  | { readonly kind: "stream"; readonly input: Schema | undefined; readonly item: Schema }
  | { readonly kind: "websocket"; readonly receive: Schema; readonly send: Schema };

/** What a caller has to know of a chainlet. Everything but the schemas is plain data. */
export interface DependencyDescriptor {
  /** Class name: the key of `chains_metadata.chainlet_to_service`. */
  readonly name: string;
  /** The key of `dynamic_chainlet_config`. */
  readonly displayName: string;
  readonly kind: ChainletKind;
  readonly endpoint: "unary" | "stream" | "websocket";
  /** Whether `runRemote` takes an input before the options of a call. */
  readonly takesInput: boolean;
  /**
   * Schemas that the caller checks answers with. Only for chainlets that are not served by our runtime: ours check
   * their own answers, and a transform must not be applied twice.
   */
  readonly schemas: { readonly output: Schema | undefined; readonly item: Schema | undefined };
  /** The schemas of a code chainlet when its caller was built; undefined when unknown. */
  readonly contract: EndpointContract | undefined;
}

/** What one constructor parameter receives. */
export type ParameterDescriptor =
  | {
      readonly kind: "dependency";
      readonly dependency: DependencyDescriptor;
      readonly options: ResolvedRPCOptions;
      readonly target: ChainletClass;
    }
  | { readonly kind: "context" }
  | { readonly kind: "resolver" };

/** A chainlet class, fully resolved: what the runtime and the tests construct and serve. */
export interface ChainletDescriptor {
  readonly name: string;
  readonly displayName: string;
  readonly kind: ChainletKind;
  readonly chainletClass: ChainletClass;
  readonly endpoint: EndpointDescriptor;
  /** By position in the constructor. */
  readonly parameters: readonly ParameterDescriptor[];
  readonly hasHealthCheck: boolean;
}
