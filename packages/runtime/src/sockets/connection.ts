import type { WebSocketConnection } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";
import type { Frame, FramePort, SocketClose } from "./frame-port.ts";
import { type MessageTypes, readMessage, writeMessage } from "./messages.ts";

/** What may wait for `receive` before the other side is made to wait. */
const HIGH_WATER = { frames: 16, length: 4 * 1024 * 1024 };

export interface ConnectionOptions extends MessageTypes {
  readonly chainlet: string;
  readonly headers: Headers;
}

interface Receiver {
  resolve(frame: Frame): void;
  reject(error: unknown): void;
}

/** A typed socket over a port of frames. */
export class Connection implements WebSocketConnection<unknown, unknown> {
  readonly headers: Headers;
  readonly #port: FramePort;
  readonly #options: ConnectionOptions;
  readonly #gone = new AbortController();
  readonly #frames: Frame[] = [];
  // Of all frames that wait: their bytes or characters.
  #length = 0;
  #isHeldBack = false;
  readonly #receivers: Receiver[] = [];
  readonly #closed: Promise<SocketClose>;

  constructor(port: FramePort, options: ConnectionOptions) {
    this.#port = port;
    this.#options = options;
    this.headers = options.headers;
    this.#closed = new Promise((resolve) => {
      port.listen({
        onFrame: (frame) => this.#onFrame(frame),
        onClose: (close) => {
          this.#onClose(close);
          resolve(close);
        },
      });
    });
  }

  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  async receive(): Promise<unknown> {
    return readMessage(this.#options.chainlet, this.#options.incoming, await this.#nextFrame());
  }

  async send(message: unknown): Promise<void> {
    const frame = await writeMessage(this.#options.chainlet, this.#options.outgoing, message);
    if (this.#gone.signal.aborted) throw this.#gone.signal.reason;
    try {
      await this.#port.send(frame);
    } catch {
      // Only a socket that is about to end sends nothing; how it ends is the reason.
      await this.#closed;
      throw this.#gone.signal.reason;
    }
  }

  async close(code = 1000, reason = ""): Promise<void> {
    if (!this.#gone.signal.aborted) this.#port.close(code, reason);
    await this.#closed;
  }

  async *[Symbol.asyncIterator](): AsyncIterator<unknown> {
    while (true) {
      let frame: Frame;
      try {
        frame = await this.#nextFrame();
      } catch {
        return;
      }
      yield await readMessage(this.#options.chainlet, this.#options.incoming, frame);
    }
  }

  #nextFrame(): Promise<Frame> {
    const frame = this.#frames.shift();
    if (frame !== undefined) {
      this.#length -= frame.length;
      this.#regulate();
      return Promise.resolve(frame);
    }
    if (this.#gone.signal.aborted) return Promise.reject(this.#gone.signal.reason);
    return new Promise((resolve, reject) => this.#receivers.push({ resolve, reject }));
  }

  #onFrame(frame: Frame): void {
    const receiver = this.#receivers.shift();
    if (receiver) {
      receiver.resolve(frame);
      return;
    }
    this.#frames.push(frame);
    this.#length += frame.length;
    this.#regulate();
  }

  #regulate(): void {
    const isFull = this.#frames.length >= HIGH_WATER.frames || this.#length >= HIGH_WATER.length;
    if (isFull === this.#isHeldBack) return;
    this.#isHeldBack = isFull;
    if (isFull) this.#port.pause();
    else this.#port.resume();
  }

  #onClose(close: SocketClose): void {
    this.#gone.abort(closedError(close));
    for (const receiver of this.#receivers.splice(0)) receiver.reject(this.#gone.signal.reason);
  }
}

function closedError({ code, reason }: SocketClose): ChainsError {
  const why = reason === "" ? "" : `: ${reason}`;
  return new ChainsError("CONNECTION_FAILED", `The socket was closed with code ${code}${why}.`, {
    data: { code, reason },
  });
}
