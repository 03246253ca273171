import type { Client, Undici } from "./undici.ts";

/** DNS is asked again at the latest after this time. */
const MAX_AGE_MS = 600_000;

export interface ConnectionOptions {
  readonly origin: string;
  /** What the certificate has to be for; the host of the origin when undefined. */
  readonly servername: string | undefined;
  /** Certificates of authorities to trust in place of Node's. */
  readonly ca: string | undefined;
}

/** One connection, which is made when it is first used, and again when it was closed in between. */
export class Connection {
  readonly client: Client;
  readonly #createdAt = performance.now();
  #openSince: number | undefined;
  #idleSince: number | undefined;

  constructor(undici: Undici, { origin, servername, ca }: ConnectionOptions) {
    this.client = new undici.Client(origin, {
      // No limit but the call's own may end it.
      headersTimeout: 0,
      bodyTimeout: 0,
      // A slow answer must not hold up another call, and whatever a lost connection carried has to be repeatable alone.
      pipelining: 1,
      maxResponseSize: -1,
      connect: {
        timeout: 0,
        ...(servername !== undefined && { servername }),
        ...(ca !== undefined && { ca }),
      },
    });
    this.client.on("connect", () => {
      this.#openSince = performance.now();
    });
    this.client.on("disconnect", () => {
      this.#openSince = undefined;
    });
    // Failures to connect reach the call that needed the connection.
    this.client.on("connectionError", () => {});
  }

  /** Milliseconds since the last call on this socket was over; undefined when the next one opens a new socket. */
  get idleMs(): number | undefined {
    if (this.#openSince === undefined || this.#idleSince === undefined) return undefined;
    return this.#idleSince < this.#openSince ? undefined : performance.now() - this.#idleSince;
  }

  /** The last call is over. @returns whether the next one may use it */
  rest(): boolean {
    this.#idleSince = performance.now();
    return this.#idleSince - this.#createdAt <= MAX_AGE_MS;
  }
}

/**
 * The connections to one origin, one call on each. A pool of our own, because it has to know how long a socket lay idle;
 * it also finds a free one in constant time, and uses few sockets where few are needed, since the last one used is the
 * first one taken.
 */
export class Connections {
  readonly #undici: Undici;
  readonly #options: ConnectionOptions;
  readonly #free: Connection[] = [];
  readonly #all = new Set<Connection>();

  constructor(undici: Undici, options: ConnectionOptions) {
    this.#undici = undici;
    this.#options = options;
  }

  take(): Connection {
    const free = this.#free.pop();
    if (free) return free;
    const connection = new Connection(this.#undici, this.#options);
    this.#all.add(connection);
    return connection;
  }

  giveBack(connection: Connection): void {
    if (!this.#all.has(connection)) return;
    if (connection.rest()) this.#free.push(connection);
    else this.discard(connection);
  }

  /** Closes a connection for good. A call that is under way on it fails with the reason. */
  discard(connection: Connection, reason?: Error): void {
    this.#all.delete(connection);
    void connection.client.destroy(reason ?? null);
  }

  /** Ends every call that is under way. */
  async close(): Promise<void> {
    const open = [...this.#all];
    this.#all.clear();
    this.#free.length = 0;
    await Promise.all(open.map(({ client }) => client.destroy()));
  }
}
