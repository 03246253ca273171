import { IncomingMessage } from "node:http";

/**
 * A request that only asks for an upgrade when that is to a WebSocket. Node hands over every `Upgrade` once there is a
 * listener, and the request with its body is gone; but HTTP clients offer HTTP/2 that way (`Upgrade: h2c`), and expect a
 * server that does not want it to answer as usual (RFC 9110, section 7.8).
 */
export class IncomingRequest extends IncomingMessage {
  #mayUpgrade: boolean | null = null;

  // Node sets it before it has the headers, and asks for it after.
  get upgrade(): boolean | null {
    if (!this.#mayUpgrade || this.method === "CONNECT") return this.#mayUpgrade;
    return this.headers.upgrade?.toLowerCase() === "websocket";
  }

  set upgrade(mayUpgrade: boolean | null) {
    // The constructor that this one extends sets it too, when there is no private field yet.
    if (#mayUpgrade in this) this.#mayUpgrade = mayUpgrade;
  }
}
