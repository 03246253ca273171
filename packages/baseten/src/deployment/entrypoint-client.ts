import {
  type CallOptions,
  contractOf,
  type DependencyDescriptor,
  type EndpointSchemas,
  type JsonSchema,
  RPCOptions,
  type Schema,
} from "@truss-chains/core";
import { createStub } from "@truss-chains/rpc";
import type { Baseten } from "../api/baseten.ts";
import type { EndpointKind } from "./deployed-endpoint.ts";
import { deployedTransport } from "./deployed-transport.ts";
import { openSocket } from "./open-socket.ts";

/** A deployed entrypoint, as far as calling it goes. */
export interface DeployedEntrypoint {
  /** For messages. */
  readonly name: string;
  readonly url: string;
  readonly endpoint: EndpointKind;
  /** Undefined for one that another tool has pushed. */
  readonly schemas: EndpointSchemas | undefined;
}

type Call = (...args: any[]) => any;

/**
 * The `runRemote` of a deployed entrypoint, by the same client that chainlets have of each other. The entrypoint checks
 * what comes and goes; a transform must not be applied twice.
 */
export function entrypointClient(baseten: Baseten, entrypoint: DeployedEntrypoint): Call {
  if (entrypoint.endpoint === "websocket")
    return (options?: CallOptions) => openSocket(baseten, entrypoint, options);
  return stubOf(baseten, entrypoint.url, descriptorOf(entrypoint));
}

/** The text of an answer as it comes, whatever the endpoint is. */
export function entrypointText(baseten: Baseten, { name, url }: DeployedEntrypoint): Call {
  const schemas = { output: undefined, item: undefined };
  const descriptor = {
    name,
    displayName: name,
    kind: "code",
    takesInput: true,
    contract: undefined,
  } as const;
  return stubOf(baseten, url, { ...descriptor, endpoint: "stream", schemas });
}

function stubOf(baseten: Baseten, url: string, descriptor: DependencyDescriptor): Call {
  const transport = deployedTransport(baseten, url);
  const stub = createStub(descriptor, { transport, options: new RPCOptions() });
  return stub.runRemote.bind(stub);
}

function descriptorOf({ name, endpoint, schemas }: DeployedEntrypoint): DependencyDescriptor {
  return {
    name,
    displayName: name,
    kind: "code",
    endpoint,
    takesInput: schemas === undefined || (schemas.kind !== "websocket" && schemas.input !== null),
    schemas: {
      output: undefined,
      item: schemas?.kind === "stream" ? travellingAs(schemas.item) : undefined,
    },
    contract: schemas && contractOf(schemas),
  };
}

/** Accepts all that a schema could mean, and tells how it travels: as text, as bytes, or as JSON. */
function travellingAs(json: JsonSchema): Schema {
  // JSON Schema has no bytes: theirs is the schema that says nothing.
  const mayBeBytes = Object.keys(json).length === 0;
  const standard = {
    version: 1,
    vendor: "truss-chains",
    validate: (value: unknown) =>
      value instanceof Uint8Array && !mayBeBytes ? { issues: [{ message: "must not be bytes" }] } : { value },
    jsonSchema: { input: () => json, output: () => json },
  } as const;
  return { "~standard": standard };
}
