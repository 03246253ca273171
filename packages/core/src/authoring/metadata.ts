import type { RemoteConfig } from "../options/remote-config.ts";
import type { RPCOptions } from "../options/rpc-options.ts";
import type { ChainletClass } from "./chainlet-class.ts";
import type { EndpointSpec } from "./endpoint-spec.ts";

/** What one constructor parameter asks for. */
export type Injection =
  | { readonly kind: "dependency"; readonly target: unknown; readonly options: RPCOptions }
  | { readonly kind: "context" }
  | { readonly kind: "resolver" };

/** A decorator on what it is not made for; `member` is undefined when it stands above the class. */
export interface MisplacedDecorator {
  readonly decorator: "Chainlet" | "markEntrypoint" | "endpoint" | "depends" | "context" | "resolver";
  readonly on: "class" | "member" | "parameter";
  readonly member: string | undefined;
}

/** What the decorators of one class said. Collected as they run, judged later, so that all problems show at once. */
export interface ChainletMetadata {
  decorated: boolean;
  remoteConfig: RemoteConfig | undefined;
  entrypoint: { readonly name: string | undefined } | undefined;
  /** Every use of `@endpoint`, by member name. */
  readonly endpoints: { readonly member: string; readonly isStatic: boolean; readonly spec: EndpointSpec }[];
  readonly injections: Map<number, Injection[]>;
  /** Decorators that stand where they do nothing. */
  readonly misplaced: MisplacedDecorator[];
  /** The stack at the time `@Chainlet` ran: its first user frame is the class. */
  stack: string | undefined;
}

// An own property under a registered symbol: nothing global is patched, and two copies of this package in one
// process (a bundle and its host) see each other's chainlets.
const METADATA = Symbol.for("truss-chains.metadata");

/** The metadata of the class itself, never an ancestor's: marking a base class does not mark its subclasses. */
export function metadataOf(cls: object): ChainletMetadata | undefined {
  return Object.hasOwn(cls, METADATA) ? (cls as { [METADATA]?: ChainletMetadata })[METADATA] : undefined;
}

export function ensureMetadata(cls: object): ChainletMetadata {
  const existing = metadataOf(cls);
  if (existing) return existing;
  const created: ChainletMetadata = {
    decorated: false,
    remoteConfig: undefined,
    entrypoint: undefined,
    endpoints: [],
    injections: new Map(),
    misplaced: [],
    stack: undefined,
  };
  Object.defineProperty(cls, METADATA, { value: created });
  return created;
}

/** Whether `@Chainlet` decorated this very class. */
export function isChainletClass(value: unknown): value is ChainletClass {
  return typeof value === "function" && metadataOf(value)?.decorated === true;
}

/**
 * Notes a decorator that stands where it does nothing. The arguments are those that the decorator was called with.
 */
export function misplace(
  decorator: MisplacedDecorator["decorator"],
  target: object,
  key: PropertyKey | undefined,
  index: unknown,
): void {
  const cls = typeof target === "function" ? target : target.constructor;
  const on = typeof index === "number" ? "parameter" : key === undefined ? "class" : "member";
  ensureMetadata(cls).misplaced.push({ decorator, on, member: key === undefined ? undefined : String(key) });
}
