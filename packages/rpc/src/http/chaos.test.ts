import { getEventListeners, once } from "node:events";
import { createServer, type RequestListener, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createSocketServer, type Server, type Socket } from "node:net";
import type { DependencyDescriptor, Remote, ResolvedRPCOptions } from "@truss-chains/core";
import { afterEach, expect, test, vi } from "vitest";
import type { CallObserver } from "../call/observer.ts";
import { createStub } from "../stub/create-stub.ts";
import { createHttpTransport } from "./create-http-transport.ts";

const ECHO: DependencyDescriptor = {
  name: "Echo",
  displayName: "Echo",
  kind: "code",
  endpoint: "unary",
  takesInput: true,
  schemas: { output: undefined, item: undefined },
  contract: undefined,
};
const OPTIONS: ResolvedRPCOptions = { retries: 1, timeoutSec: 600, useBinary: false, concurrencyLimit: 64 };

type Echo = Remote<{ runRemote(input: unknown): Promise<unknown> }>;

const cleanups: (() => unknown)[] = [];
const sockets = new Set<Socket>();

afterEach(async () => {
  vi.restoreAllMocks();
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function stubTo(
  server: Server,
  options: Partial<ResolvedRPCOptions> = {},
  observer?: CallObserver,
): Promise<Echo> {
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const transport = createHttpTransport({ url, apiKey: "key" });
  cleanups.push(async () => {
    await transport.close();
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    await new Promise((resolve) => server.close(resolve));
  });
  const all = { transport, options: { ...OPTIONS, ...options }, ...(observer && { observer }) };
  return createStub(ECHO, all) as unknown as Echo;
}

const answer = (
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
) =>
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));

/** Reads the whole request, then answers. */
const echo =
  (respond: (response: ServerResponse, body: string, key: string | undefined) => unknown): RequestListener =>
  async (incoming, response) => {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part);
    respond(
      response,
      Buffer.concat(parts).toString(),
      incoming.headers["idempotency-key"] as string | undefined,
    );
  };

test("in a storm of errors and lost connections every call gets its own answer, once", async () => {
  let requests = 0;
  const server = createServer(
    echo((response, body) => {
      requests++;
      const fate = requests % 5;
      if (fate === 1) answer(response, 503, { error: "starting" });
      else if (fate === 2) answer(response, 429, { error: "busy" });
      else if (fate === 3) response.destroy();
      else answer(response, 200, JSON.parse(body));
    }),
  );
  const stub = await stubTo(server, { retries: 50 });
  vi.spyOn(Math, "random").mockReturnValue(0);
  // Few enough not to use up the retry budget.
  const calls = Array.from({ length: 20 }, (_, n) => stub.runRemote({ n }));
  expect(await Promise.all(calls)).toEqual(Array.from({ length: 20 }, (_, n) => ({ n })));
});

test("a dependency that stays down is called little more often than without retries", async () => {
  let requests = 0;
  const stub = await stubTo(
    createServer(
      echo((response) => {
        requests++;
        answer(response, 503, { error: "down" });
      }),
    ),
    { retries: 10 },
  );
  vi.spyOn(Math, "random").mockReturnValue(0);
  const results = await Promise.allSettled(Array.from({ length: 500 }, () => stub.runRemote({})));
  expect(results.every(({ status }) => status === "rejected")).toBe(true);
  expect(requests).toBeLessThan(500 + 80);
});

test("Retry-After is waited for", async () => {
  let requests = 0;
  const delays: number[] = [];
  const observer = {
    queued() {},
    started() {},
    finished() {},
    abandoned() {},
    retrying: (_: number, delayMs: number) => delays.push(delayMs),
  };
  const server = createServer(
    echo((response) => {
      if (++requests === 1) answer(response, 429, { error: "busy" }, { "retry-after": "0.05" });
      else answer(response, 200, "ok");
    }),
  );
  expect(await (await stubTo(server, { retries: 2 }, observer)).runRemote({})).toBe("ok");
  expect(delays).toEqual([expect.any(Number)]);
  expect(delays[0]).toBeGreaterThanOrEqual(50);
});

test("a half-open connection holds a call no longer than its timeout", async () => {
  const accepted: Socket[] = [];
  const swallow = (socket: Socket) => accepted.push(socket.resume());
  const stub = await stubTo(createSocketServer(swallow), { timeoutSec: 0.05, retries: 2 });
  await expect(stub.runRemote({})).rejects.toThrow(expect.objectContaining({ code: "CALL_TIMEOUT" }));
  expect(accepted).toHaveLength(2);
  await vi.waitFor(() => expect(sockets.size).toBe(0));
});

test("answers that come late go to nobody else", async () => {
  const late: (() => void)[] = [];
  const server = createServer(
    echo((response, body) => {
      const { n } = JSON.parse(body) as { n: number };
      if (n % 2 === 0) answer(response, 200, { n });
      else late.push(() => answer(response, 200, { n }));
    }),
  );
  const stub = await stubTo(server, { concurrencyLimit: 4 });
  const calls = Array.from({ length: 40 }, (_, n) =>
    stub.runRemote({ n }, n % 2 === 0 ? {} : { timeoutMs: 20 }),
  );
  const results = await Promise.allSettled(calls);
  for (const send of late) send();
  results.forEach((result, n) => {
    if (n % 2 === 0) expect(result).toEqual({ status: "fulfilled", value: { n } });
    else expect(result).toMatchObject({ status: "rejected", reason: { code: "CALL_TIMEOUT" } });
  });
});

test("10,000 cancelled calls leave no slot, socket, listener or timer", async () => {
  const load = { queued: 0, started: 0, finished: 0, abandoned: 0 };
  const observer: CallObserver = {
    queued: () => load.queued++,
    started: () => load.started++,
    finished: () => load.finished++,
    abandoned: () => load.abandoned++,
    retrying() {},
  };
  const stub = await stubTo(createServer(echo(() => {})), { concurrencyLimit: 50 }, observer);
  for (let round = 0; round < 10; round++) {
    const controllers = Array.from({ length: 1_000 }, () => new AbortController());
    const calls = controllers.map(({ signal }) => stub.runRemote({ round }, { signal }));
    const settled = Promise.allSettled(calls);
    await vi.waitFor(() => expect(sockets.size).toBeGreaterThan(0));
    for (const controller of controllers) controller.abort();
    const results = await settled;
    expect(
      results.every((result) => result.status === "rejected" && result.reason.code === "CALL_ABORTED"),
    ).toBe(true);
    expect(controllers.every(({ signal }) => getEventListeners(signal, "abort").length === 0)).toBe(true);
  }
  expect(load.started).toBe(load.finished);
  expect(load.queued).toBe(load.finished + load.abandoned);
  await vi.waitFor(() => expect(sockets.size).toBe(0));
  expect(process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length).toBeLessThan(
    50,
  );
}, 120_000);
