import type { ChainletClass } from "../authoring/chainlet-class.ts";
import type { EndpointSpec } from "../authoring/endpoint-spec.ts";
import { metadataOf } from "../authoring/metadata.ts";
import { kindNameOf, kindOf } from "../kinds/kind.ts";
import { RemoteConfig } from "../options/remote-config.ts";
import type {
  ChainletDescriptor,
  DependencyDescriptor,
  EndpointDescriptor,
  ParameterDescriptor,
} from "./descriptor.ts";
import { endpointContract } from "./endpoint-contract.ts";
import { endpointSpecOf, injectionsOf } from "./members.ts";
import { stubDataOf } from "./stub-class.ts";

const NO_SCHEMAS = { output: undefined, item: undefined } as const;

/**
 * Resolves a chainlet class that has no problems (see `checkChain`), without constructing anything. Its dependencies
 * may be real classes or the stubs that a bundle holds.
 */
export function describeChainlet(cls: ChainletClass): ChainletDescriptor {
  return Object.freeze({
    name: cls.name,
    displayName: displayNameOf(cls),
    kind: kindNameOf(cls),
    chainletClass: cls,
    endpoint: describeEndpoint(cls),
    parameters: Object.freeze(describeParameters(cls)),
    hasHealthCheck: typeof cls.prototype.isHealthy === "function",
  });
}

export function remoteConfigOf(cls: object): RemoteConfig {
  return metadataOf(cls)?.remoteConfig ?? new RemoteConfig();
}

function displayNameOf(cls: ChainletClass): string {
  return metadataOf(cls)?.remoteConfig?.name ?? cls.name;
}

/** What callers have to know of a chainlet class, or of the stub that stands for it. */
export function describeDependency(cls: ChainletClass): DependencyDescriptor {
  const stub = stubDataOf(cls);
  if (stub) return Object.freeze({ ...stub, schemas: NO_SCHEMAS });
  const endpoint = describeEndpoint(cls);
  const kind = kindNameOf(cls);
  return Object.freeze({
    name: cls.name,
    displayName: displayNameOf(cls),
    kind,
    endpoint: endpoint.kind,
    takesInput: kind !== "code" || (endpoint.kind !== "websocket" && endpoint.input !== undefined),
    schemas: kind === "code" ? NO_SCHEMAS : schemasOf(endpoint),
    contract: kind === "code" ? endpointContract(endpoint) : undefined,
  });
}

function describeParameters(cls: ChainletClass): ParameterDescriptor[] {
  const injections = [...injectionsOf(cls)].sort(([a], [b]) => a - b);
  return injections.map(([, [injection]]) => {
    if (injection?.kind !== "dependency") return { kind: injection!.kind };
    const target = injection.target as ChainletClass;
    const { retries, timeoutSec, useBinary, concurrencyLimit } = injection.options;
    return {
      kind: "dependency",
      dependency: describeDependency(target),
      options: Object.freeze({ retries, timeoutSec, useBinary, concurrencyLimit }),
      target,
    };
  });
}

export function describeEndpoint(cls: ChainletClass): EndpointDescriptor {
  const foreign = kindOf(cls);
  if (foreign?.kind === "engine_builder") return ENGINE_ENDPOINT;
  return Object.freeze(fromSpec(foreign ? foreign.options : Object(endpointSpecOf(cls))));
}

function fromSpec(spec: EndpointSpec): EndpointDescriptor {
  if ("receive" in spec) return { kind: "websocket", receive: spec.receive, send: spec.send };
  if ("stream" in spec && spec.stream) return { kind: "stream", input: spec.input, item: spec.stream };
  return { kind: "unary", input: spec.input, output: "output" in spec ? spec.output : undefined };
}

// Its wire is fixed: the request is passed on as it is, and the answer is a stream of text.
const TEXT: EndpointSpec = {
  stream: {
    "~standard": {
      version: 1,
      vendor: "truss-chains",
      validate: (value: unknown) =>
        typeof value === "string"
          ? { value }
          : { issues: [{ message: `must be a string, got ${typeof value}` }] },
    },
  },
};
const ENGINE_ENDPOINT = Object.freeze(fromSpec(TEXT));

function schemasOf(endpoint: EndpointDescriptor): DependencyDescriptor["schemas"] {
  if (endpoint.kind === "unary") return { output: endpoint.output, item: undefined };
  if (endpoint.kind === "stream") return { output: undefined, item: endpoint.item };
  return NO_SCHEMAS;
}
