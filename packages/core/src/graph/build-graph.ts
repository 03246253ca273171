import { ChainsError } from "@truss-chains/errors";
import type { ChainletClass } from "../authoring/chainlet-class.ts";
import { metadataOf } from "../authoring/metadata.ts";
import { describeChainlet, remoteConfigOf } from "../describe/describe-chainlet.ts";
import { endpointContract } from "../describe/endpoint-contract.ts";
import { locate } from "../describe/locate.ts";
import { kindOf } from "../kinds/kind.ts";
import type { ChainEdge, ChainGraph, ChainNode, ForeignNode, PlainRemoteConfig } from "./chain-graph.ts";
import { chainClasses, checkChain } from "./check-chain.ts";
import type { CheckedClass } from "./checks/report.ts";

/**
 * The chain that starts at a class, as plain data. Constructs nothing.
 *
 * @param others chainlets of the same source that are checked too, though the chain does not reach them.
 * @throws ChainsError `CHAIN_INVALID` with every problem of the chain.
 */
export function buildGraph(entrypoint: CheckedClass, others: readonly CheckedClass[] = []): ChainGraph {
  assertValidChain(entrypoint, others);
  const nodes = chainClasses(entrypoint).map((cls) => toNode(cls as ChainletClass));
  const last = nodes.at(-1)!;
  const name = metadataOf(entrypoint)?.entrypoint?.name ?? last.displayName;
  return deepFreeze({ name, entrypoint: entrypoint.name, nodes });
}

/** @throws ChainsError `CHAIN_INVALID` with every problem of the chain. */
export function assertValidChain(entrypoint: CheckedClass, others: readonly CheckedClass[] = []): void {
  const problems = checkChain(entrypoint, others);
  if (problems.length === 0) return;
  const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
  throw ChainsError.fromProblems("CHAIN_INVALID", `The chain of ${entrypoint.name} has ${count}:`, problems);
}

function toNode(cls: ChainletClass): ChainNode {
  const descriptor = describeChainlet(cls);
  const { schemas, hash } = endpointContract(descriptor.endpoint);
  const dependencies = descriptor.parameters.flatMap((parameter, position): ChainEdge[] =>
    parameter.kind === "dependency"
      ? [{ target: parameter.dependency.name, parameter: position, options: parameter.options }]
      : [],
  );
  return {
    name: descriptor.name,
    displayName: descriptor.displayName,
    kind: descriptor.kind,
    location: locate(cls),
    endpoint: schemas,
    contract: hash,
    dependencies,
    usesContext: descriptor.parameters.some((parameter) => parameter.kind === "context"),
    usesResolver: descriptor.parameters.some((parameter) => parameter.kind === "resolver"),
    hasHealthCheck: descriptor.hasHealthCheck,
    remoteConfig: toPlain(remoteConfigOf(cls)) as PlainRemoteConfig,
    foreign: foreignNode(cls),
  };
}

function foreignNode(cls: ChainletClass): ForeignNode | undefined {
  const given = kindOf(cls);
  if (!given) return undefined;
  if (given.kind === "truss") return { kind: "truss", trussDir: given.options.trussDir };
  if (given.kind === "engine_builder") {
    return { kind: "engine_builder", engineBuilderConfig: toPlain(given.options.engineBuilderConfig) };
  }
  const { image, startCommand, serverPort, predictEndpoint, runAsUserId, noBuild } = given.options;
  return {
    kind: "docker_server",
    baseImage: typeof image === "string" ? { image } : toPlain(image),
    startCommand,
    serverPort,
    predictEndpoint,
    readinessEndpoint: given.options.readinessEndpoint ?? "/health",
    livenessEndpoint: given.options.livenessEndpoint ?? "/health",
    runAsUserId,
    noBuild,
  };
}

const toPlain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
}
