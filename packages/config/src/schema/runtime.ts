import type { z } from "zod";
import type { PlainRecord } from "../record.ts";
import { Fault, quote } from "../rules/fault.ts";
import { egressRestrictions } from "./egress.ts";
import { describe } from "./fault.ts";
import { isPep440 } from "./pep440.ts";
import { choice, flag, integer, textWhere } from "./scalar.ts";
import { type Report, section } from "./section.ts";
import { type Transport, transport, websocketDefaults } from "./transport.ts";
import { isOne, isTruthy } from "./truthy.ts";

const seconds = () => integer.nullable().default(null);

const healthChecks = section({
  restart_check_delay_seconds: seconds().describe("How long after start the restart check waits."),
  restart_threshold_seconds: seconds().describe(
    "How long a replica may be unhealthy before it is restarted.",
  ),
  stop_traffic_threshold_seconds: seconds().describe(
    "How long it may be unhealthy before it gets no more traffic.",
  ),
  startup_threshold_seconds: seconds().describe("How long start-up may take."),
});
/** Seconds, each; null leaves the choice to the platform. */
export type HealthChecks = z.output<typeof healthChecks>;

const oidc = section({
  enabled: flag
    .nullable()
    .default(null)
    .describe("Mount an OIDC token; null leaves the choice to the platform."),
});

const remoteSsh = section({
  enabled: flag.default(false).describe("Allow SSH into running replicas."),
});

const requestBackpressure = section({
  policy: choice(["queue_on_full", "reject_on_full"])
    .nullable()
    .default(null)
    .describe("What happens to requests when all replicas are busy: wait, or answer 429."),
});

export const runtime = section(
  {
    predict_concurrency: integer.default(1).describe("How many requests one replica works on at a time."),
    streaming_read_timeout: integer
      .default(60)
      .describe("Seconds without data after which a stream is given up."),
    enable_tracing_data: flag.default(false).describe("Export OpenTelemetry traces. Costs some performance."),
    enable_debug_logs: flag.default(false).describe("Log at debug level."),
    transport: transport.prefault({}).describe("How callers talk to the server: HTTP, WebSocket or gRPC."),
    is_websocket_endpoint: flag
      .nullable()
      .default(null)
      .describe("Deprecated: follows from transport.")
      .meta({ deprecated: true }),
    health_checks: healthChecks.prefault({}).describe("When a replica counts as unhealthy, and what then."),
    oidc: oidc.prefault({}).describe("A token by which the model can identify itself to clouds."),
    remote_ssh: remoteSsh.prefault({}).describe("SSH into running replicas."),
    egress_restrictions: egressRestrictions
      .nullable()
      .default(null)
      .describe("What the model may reach. Without it everything; with two empty lists nothing."),
    truss_server_version_override: textWhere(checkServerVersion)
      .nullable()
      .default(null)
      .describe("The Truss server to use, instead of that of the release which pushes."),
    request_backpressure: requestBackpressure
      .prefault({})
      .describe("What happens when all replicas are busy."),
  },
  {
    before: checkRawRuntime,
    after: (value) => {
      const synced: Transport =
        value.is_websocket_endpoint && value.transport.kind !== "websocket"
          ? websocketDefaults()
          : value.transport;
      return { ...value, transport: synced, is_websocket_endpoint: synced.kind === "websocket" };
    },
  },
);
/** Settings of the running server. `is_websocket_endpoint` is never null after parsing. */
export type Runtime = z.output<typeof runtime>;

function checkServerVersion(version: string): Fault | undefined {
  if (isPep440(version)) return undefined;
  return new Fault(`${quote(version)} is not a version.`, "Write a release of Truss, such as 0.9.0.");
}

function checkRawRuntime(raw: PlainRecord, found: Report): PlainRecord | undefined {
  if (Object.hasOwn(raw, "num_workers") && !isOne(raw.num_workers)) {
    found(
      new Fault(
        `A server has one worker, but num_workers is ${describe(raw.num_workers)}.`,
        "Remove `num_workers` and use `predict_concurrency` or more replicas.",
      ),
      ["num_workers"],
    );
  }
  const flagged = raw.is_websocket_endpoint;
  const hasTransport = raw.transport !== undefined && raw.transport !== null;
  return !hasTransport && isTruthy(flagged) ? { ...raw, transport: { kind: "websocket" } } : undefined;
}
