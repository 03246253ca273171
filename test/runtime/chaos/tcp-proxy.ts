import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** What the proxy does with bytes that come from the server. */
export type Fate =
  | { readonly kind: "forward" }
  /** Hangs up after so many bytes of a connection. */
  | { readonly kind: "cut"; readonly after: number }
  /** Neither side hears of the other any more, and neither is told. */
  | { readonly kind: "swallow" };

/** Stands before a server and loses what it is told to lose. */
export class TcpProxy implements AsyncDisposable {
  fate: Fate = { kind: "forward" };
  /** Bytes of the server that the last connection has carried. */
  carried = 0;
  readonly #server: Server;
  readonly #clients = new Set<Socket>();
  readonly #upstreams = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async before(target: string): Promise<TcpProxy> {
    const server = createServer();
    const proxy = new TcpProxy(server);
    server.on("connection", (client) => proxy.#join(client, Number(new URL(target).port)));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Connections that clients hold open. */
  get open(): number {
    return this.#clients.size;
  }

  #join(client: Socket, port: number): void {
    const upstream = connect(port, "127.0.0.1");
    this.#clients.add(client);
    this.#upstreams.add(upstream);
    let carried = 0;
    for (const socket of [client, upstream]) socket.on("error", () => {});
    client.on("close", () => {
      this.#clients.delete(client);
      if (this.fate.kind !== "swallow") upstream.destroy();
    });
    upstream.on("close", () => {
      this.#upstreams.delete(upstream);
      if (this.fate.kind !== "swallow") client.end();
    });
    client.on("data", (bytes) => {
      if (this.fate.kind !== "swallow") upstream.write(bytes);
    });
    upstream.on("data", (bytes) => {
      if (this.fate.kind === "swallow") return;
      const rest = this.fate.kind === "cut" ? this.fate.after - carried : Number.POSITIVE_INFINITY;
      carried += bytes.length;
      this.carried = carried;
      if (rest > bytes.length) client.write(bytes);
      else client.end(bytes.subarray(0, rest));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of [...this.#clients, ...this.#upstreams]) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }
}
