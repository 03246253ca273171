import { describeEndpoint, remoteConfigOf } from "../../describe/describe-chainlet.ts";
import { endpointSpecOf } from "../../describe/members.ts";
import { kindOf } from "../../kinds/kind.ts";
import type { Check } from "./report.ts";

/** The options that say how calls come in agree with the endpoint. */
export const checkTransport: Check = (cls, report) => {
  const { transport, workerThreads } = remoteConfigOf(cls).options;
  if (kindOf(cls) || !endpointSpecOf(cls)) return;
  const isSocket = describeEndpoint(cls as never).kind === "websocket";
  if (isSocket && workerThreads > 0) {
    report.error(
      "CHAINLET_TRANSPORT_MISMATCH",
      `The endpoint is a WebSocket, which cannot be handed to threads, but options.workerThreads is ${workerThreads}.`,
      "Remove workerThreads; put what computes into a chainlet of its own, and depend on it.",
    );
  }
  if (!transport) return;
  if (isSocket && transport.kind !== "websocket") {
    report.error(
      "CHAINLET_TRANSPORT_MISMATCH",
      `The endpoint is a WebSocket, but options.transport is "${transport.kind}".`,
      'Remove the transport, or write new Transport({ kind: "websocket" }).',
    );
  } else if (!isSocket && transport.kind === "websocket") {
    report.error(
      "CHAINLET_TRANSPORT_MISMATCH",
      'options.transport is "websocket", but the endpoint is not a WebSocket.',
      "Declare @endpoint({ receive, send }), or remove the transport.",
    );
  } else if (transport.kind === "grpc") {
    report.error(
      "CHAINLET_TRANSPORT_MISMATCH",
      'options.transport is "grpc", which a code chainlet does not serve.',
      "Remove the transport, or use a DockerServerChainlet.",
    );
  }
};
