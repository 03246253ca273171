import type { EndpointContract } from "@truss-chains/core";

/**
 * What the build knows of a chainlet and its server has to be told: plain JSON, total, written into the bundle's
 * entry module.
 */
export interface ServeConfig {
  /** Class name. */
  readonly name: string;
  readonly displayName: string;
  /** Where the server listens; `PORT` overrides it, except in a truss image. */
  readonly port: number;
  /** Paths, each starting with "/". */
  readonly endpoints: { readonly predict: string; readonly readiness: string; readonly liveness: string };
  /** Names that may be looked up, `baseten_chain_api_key` included when the chainlet has dependencies. */
  readonly secrets: readonly string[];
  /** Requests that are served at a time; more wait. */
  readonly predictConcurrency: number;
  /** Seconds that may pass between two items of a stream. */
  readonly streamingReadTimeout: number;
  /** Directory of the user's data below the app home, such as `data`; null when the chainlet has none. */
  readonly dataDir: string | null;
  /** Mount locations of `assets.weights`. */
  readonly weights: readonly string[];
  /** Whether `assets.cached` names anything, so that a resolver has to fetch it. */
  readonly modelCache: boolean;
  /** Threads that `runRemote` runs in; 0 for the main thread. */
  readonly workerThreads: number;
  /** Pings of a WebSocket; null for the defaults. */
  readonly pings: { readonly intervalSeconds: number | null; readonly timeoutSeconds: number | null } | null;
  /** Log lines of level `debug` too. */
  readonly debugLogs: boolean;
  /** The schemas that callers were built with, and their hash. */
  readonly contract: EndpointContract;
}

/** Options of `serveChainlet`. */
export interface ServeOptions {
  readonly config: ServeConfig;
}
