import type { ChainletKind } from "../describe/descriptor.ts";
import type { DockerServerOptions } from "./docker-server-chainlet.ts";
import type { EngineBuilderOptions } from "./engine-builder-chainlet.ts";
import type { TrussChainletOptions } from "./truss-chainlet.ts";

/** What a class that is not served by our runtime was given. */
export type KindMetadata =
  | { readonly kind: "truss"; readonly options: TrussChainletOptions }
  | { readonly kind: "docker_server"; readonly options: DockerServerOptions }
  | { readonly kind: "engine_builder"; readonly options: EngineBuilderOptions };

const KIND = Symbol.for("truss-chains.kind");

export function setKind(cls: object, metadata: KindMetadata): void {
  Object.defineProperty(cls, KIND, { value: metadata });
}

/** Inherited on purpose: a class that extends `DockerServerChainlet({ … })` is one. */
export function kindOf(cls: object): KindMetadata | undefined {
  return (cls as { [KIND]?: KindMetadata })[KIND];
}

export function kindNameOf(cls: object): ChainletKind {
  return kindOf(cls)?.kind ?? "code";
}
