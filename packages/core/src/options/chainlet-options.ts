import { Fields, integerFrom } from "./fields.ts";
import { HealthChecks } from "./health-checks.ts";
import { Transport } from "./transport.ts";

export interface ChainletOptionsInit {
  /** Let Baseten collect traces of the chainlet; false by default. */
  readonly enableB10Tracing?: boolean;
  /** Write log lines of level `debug`, too; false by default. */
  readonly enableDebugLogs?: boolean;
  /** Environment variables of the server. They stand in config.yaml: secrets belong into `assets.secretKeys`. */
  readonly envVariables?: Readonly<Record<string, string>>;
  /** When the platform restarts a replica or takes it out of traffic. */
  readonly healthChecks?: HealthChecks;
  /** Free-form data, written to `model_metadata`. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Longest gap in seconds between two pieces of a stream; 60 by default. */
  readonly streamingReadTimeout?: number;
  /** Pings of a WebSocket; otherwise it follows from the endpoint. */
  readonly transport?: Transport;
  /**
   * Run `runRemote` in this many worker threads: for CPU-bound chainlets. 0, the default, runs it in the main thread.
   * Not for WebSockets.
   */
  readonly workerThreads?: number;
}

/** Everything about a chainlet's deployment that is not image, hardware or assets. */
export class ChainletOptions {
  readonly enableB10Tracing: boolean;
  readonly enableDebugLogs: boolean;
  readonly envVariables: Readonly<Record<string, string>>;
  readonly healthChecks: HealthChecks;
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
  readonly streamingReadTimeout: number;
  readonly transport: Transport | undefined;
  readonly workerThreads: number;

  /** @throws ChainsError `CHAINLET_OPTIONS_INVALID` naming every wrong field. */
  constructor(init: ChainletOptionsInit = {}) {
    const fields = new Fields("ChainletOptions", init, [
      "enableB10Tracing",
      "enableDebugLogs",
      "envVariables",
      "healthChecks",
      "metadata",
      "streamingReadTimeout",
      "transport",
      "workerThreads",
    ]);
    this.enableB10Tracing = fields.boolean("enableB10Tracing", false);
    this.enableDebugLogs = fields.boolean("enableDebugLogs", false);
    this.envVariables = fields.stringMap("envVariables");
    this.healthChecks = fields.instance("healthChecks", HealthChecks, new HealthChecks());
    this.metadata = fields.record("metadata", undefined);
    this.streamingReadTimeout = fields.number("streamingReadTimeout", 60, integerFrom(1));
    this.transport = fields.instance("transport", Transport, undefined);
    this.workerThreads = fields.number("workerThreads", 0, integerFrom(0));
    fields.rule(
      this.metadata !== undefined && "chains_metadata" in this.metadata,
      "metadata",
      "must not hold `chains_metadata`.",
      "That key is written by the build.",
    );
    fields.done();
    Object.freeze(this);
  }
}
