import { Fields, positive } from "./fields.ts";

export const TRANSPORT_KINDS = ["http", "websocket", "grpc"] as const;

export interface TransportInit {
  /** `websocket` for a WebSocket endpoint, the only kind that has more to set. */
  readonly kind: (typeof TRANSPORT_KINDS)[number];
  /** Seconds between pings of a WebSocket. */
  readonly pingIntervalSeconds?: number;
  /** Seconds to wait for the pong. */
  readonly pingTimeoutSeconds?: number;
}

/** How requests reach the chainlet. It follows from the endpoint; give it only to set the pings of a WebSocket. */
export class Transport {
  readonly kind: (typeof TRANSPORT_KINDS)[number];
  readonly pingIntervalSeconds: number | undefined;
  readonly pingTimeoutSeconds: number | undefined;

  /** @throws ChainsError `CHAINLET_OPTIONS_INVALID` naming every wrong field. */
  constructor(init: TransportInit) {
    const fields = new Fields("Transport", init, ["kind", "pingIntervalSeconds", "pingTimeoutSeconds"]);
    fields.rule(init?.kind === undefined, "kind", "is required.", `One of ${TRANSPORT_KINDS.join(", ")}.`);
    this.kind = fields.oneOf("kind", TRANSPORT_KINDS, "http");
    this.pingIntervalSeconds = fields.number("pingIntervalSeconds", undefined, positive);
    this.pingTimeoutSeconds = fields.number("pingTimeoutSeconds", undefined, positive);
    const pings = this.pingIntervalSeconds !== undefined || this.pingTimeoutSeconds !== undefined;
    fields.rule(
      pings && this.kind !== "websocket",
      "kind",
      `"${this.kind}" has no pings.`,
      'Use kind: "websocket".',
    );
    fields.done();
    Object.freeze(this);
  }
}
