import { describeEndpoint, remoteConfigOf } from "../../describe/describe-chainlet.ts";
import { endpointSpecOf } from "../../describe/members.ts";
import { kindOf } from "../../kinds/kind.ts";
import type { Check } from "./report.ts";

/** The transport option agrees with the endpoint. */
export const checkTransport: Check = (cls, report) => {
  const { transport } = remoteConfigOf(cls).options;
  if (!transport || kindOf(cls) || !endpointSpecOf(cls)) return;
  const isSocket = describeEndpoint(cls as never).kind === "websocket";
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
