import type { RawData, WebSocket } from "ws";
import type { FramePort } from "./frame-port.ts";

/** A socket of the `ws` library as a port of frames. */
export function wsPort(socket: WebSocket): FramePort {
  return {
    listen({ onFrame, onClose }) {
      socket.on("message", (data, isBinary) =>
        onFrame(isBinary ? toBytes(data) : toBytes(data).toString("utf8")),
      );
      socket.on("close", (code, reason) => onClose({ code, reason: reason.toString("utf8") }));
      // A broken frame or connection; the close that follows carries its code.
      socket.on("error", () => {});
    },
    send: (frame) =>
      new Promise((resolve, reject) => {
        socket.send(frame, (error) => (error ? reject(error) : resolve()));
      }),
    close: (code, reason) => socket.close(code, shorten(reason)),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
  };
}

function toBytes(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}

/** The reason in a close frame has at most 123 bytes, and no half characters. */
function shorten(reason: string): string {
  const bytes = Buffer.from(reason);
  if (bytes.length <= 123) return reason;
  return new TextDecoder("utf-8").decode(bytes.subarray(0, 123), { stream: true });
}
