import { createHash } from "node:crypto";
import type { UpgradeListener } from "../http/server.ts";
import { hangUp } from "./hang-up.ts";

/** RFC 6455, section 1.3. */
const MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/** A close frame, unmasked, of two bytes: the code 1003, "cannot accept". */
const CLOSE_1003 = Buffer.from([0x88, 0x02, 0x03, 0xeb]);

/**
 * Turns WebSockets down the way a Python chainlet without them does: accepts, then closes with 1003. So little of the
 * protocol needs no library.
 */
export const declineSockets: UpgradeListener = (request, socket) => {
  socket.on("error", () => {});
  const key = request.headers["sec-websocket-key"];
  if (key === undefined) {
    hangUp(socket, "HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
    return;
  }
  const accept = createHash("sha1")
    .update(key + MAGIC)
    .digest("base64");
  const head = `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`;
  hangUp(socket, Buffer.concat([Buffer.from(head), CLOSE_1003]));
};
