import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { ReadFault } from "./fault.ts";

/** Large enough that one read takes what a fast network has waiting. */
const BUFFER_BYTES = 256 * 1024;
/** No read gets less room. TLS brings 16 KiB at a time: they are gathered until this much is left. */
const LEAST_ROOM = 128 * 1024;
const CONNECT_TIMEOUT_MS = 20_000;

/** Takes the answer to one request, as it comes. */
export interface Receiver {
  /**
   * @param bytes what came and was not taken yet; only lent
   * @param full whether there is no room for more: then all must be taken
   * @returns how many of the bytes are taken
   */
  take(bytes: Buffer, full: boolean): number;
  readonly complete: boolean;
}

interface Pending {
  readonly receiver: Receiver;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** One socket that carries one exchange at a time; all that arrives lands in the same buffer. */
export class Connection {
  readonly #buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  /** What came and was not taken yet is between these offsets. */
  #start = 0;
  #end = 0;
  #pending: Pending | undefined;
  #failure: unknown;
  #idleSince = performance.now();
  #socket!: Socket;

  private constructor() {}

  /** @throws ReadFault when no connection comes about; the signal's reason when it is aborted before */
  static async open(url: URL, signal: AbortSignal): Promise<Connection> {
    const connection = new Connection();
    const options = {
      host: url.hostname.replace(/^\[|\]$/g, ""),
      port: Number(url.port || (url.protocol === "https:" ? 443 : 80)),
      noDelay: true,
      onread: {
        buffer: () => connection.#buffer.subarray(connection.#end),
        callback: (length: number) => {
          connection.#received(length);
          return true;
        },
      },
    };
    const secure = url.protocol === "https:";
    const socket = secure
      ? connectTls({
          ...options,
          servername: isName(options.host) ? options.host : "",
          ALPNProtocols: ["http/1.1"],
        })
      : connectPlain(options);
    connection.#socket = socket;
    await connected(socket, secure ? "secureConnect" : "connect", signal);
    socket.on("error", (error) => connection.#fail(error));
    socket.on("end", () => connection.#fail(ended()));
    socket.on("close", () => connection.#fail(ended()));
    return connection;
  }

  /** Sends a request; settles when its answer is complete. */
  exchange(request: string, receiver: Receiver): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) {
        reject(this.#failure);
        return;
      }
      this.#pending = { receiver, resolve, reject };
      this.#socket.ref();
      this.#socket.write(request, "latin1");
    });
  }

  usable(maxIdleMs: number): boolean {
    return this.#failure === undefined && performance.now() - this.#idleSince < maxIdleMs;
  }

  destroy(reason: unknown = ended()): void {
    this.#fail(reason);
    this.#socket.destroy();
  }

  #received(length: number): void {
    const pending = this.#pending;
    if (pending === undefined) {
      // Nothing was asked: whatever this is, the next answer could not be told from it.
      this.destroy();
      return;
    }
    const { receiver } = pending;
    this.#end += length;
    try {
      const bytes = this.#buffer.subarray(this.#start, this.#end);
      this.#start += receiver.take(bytes, this.#end > BUFFER_BYTES - LEAST_ROOM);
    } catch (error) {
      this.destroy(error);
      return;
    }
    if (this.#start === this.#end) this.#start = this.#end = 0;
    if (!receiver.complete) return;
    this.#pending = undefined;
    this.#idleSince = performance.now();
    // An idle connection must not keep the process alive.
    this.#socket.unref();
    pending.resolve();
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.reject(error);
  }
}

async function connected(socket: Socket, event: string, signal: AbortSignal): Promise<void> {
  let giveUp!: (reason: unknown) => void;
  const stop = () => giveUp(signal.reason);
  const timer = setTimeout(() => giveUp(tooSlow()), CONNECT_TIMEOUT_MS);
  try {
    await new Promise<void>((resolve, reject) => {
      giveUp = reject;
      socket.once(event, resolve);
      socket.once("error", reject);
      signal.addEventListener("abort", stop);
      if (signal.aborted) stop();
    });
  } catch (error) {
    socket.destroy();
    throw ReadFault.network(error);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

function tooSlow(): ReadFault {
  return new ReadFault({ kind: "network", code: "ETIMEDOUT", message: "the connection takes too long" });
}

function ended(): Error {
  return Object.assign(new Error("the connection ended early"), { code: "ECONNRESET" });
}

/** Host names are sent to the server to choose a certificate by; addresses must not be. */
function isName(host: string): boolean {
  return !/^[\d.]+$/.test(host) && !host.includes(":");
}
