import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import WebSocket from "ws";
import { Echo, Ponder, Shout } from "./fixtures/chain.ts";
import { post, Workspace } from "./support/workspace.ts";

let workspace: Workspace;
beforeAll(async () => {
  workspace = await Workspace.create();
});
afterAll(() => workspace[Symbol.asyncDispose]());

async function open(url: string): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/predict`);
  await once(socket, "open");
  return socket;
}

async function closeOf(socket: WebSocket): Promise<{ code: number; reason: string }> {
  const [code, reason] = await once(socket, "close");
  return { code, reason: String(reason) };
}

/** A client that opens a WebSocket, and never says or ends anything again. */
async function openSilent(url: string): Promise<Socket> {
  const { port } = new URL(url);
  const socket = connect({ port: Number(port), host: "127.0.0.1", allowHalfOpen: true });
  socket.on("error", () => {});
  const head = ["GET /predict HTTP/1.1", "host: x", "connection: upgrade", "upgrade: websocket"];
  head.push("sec-websocket-version: 13", "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==");
  socket.write(`${head.join("\r\n")}\r\n\r\n`);
  const [answer] = await once(socket, "data");
  expect(String(answer)).toMatch(/^HTTP\/1\.1 101 /);
  return socket;
}

const say = (socket: WebSocket, message: unknown): void => socket.send(JSON.stringify(message));

describe("a WebSocket chainlet", () => {
  test("exchanges typed messages, with defaults, until it returns", async () => {
    await using server = await workspace.start(Echo);
    const socket = await open(await server.ready());
    say(socket, { say: "hi", times: 2 });
    expect(JSON.parse(String((await once(socket, "message"))[0]))).toEqual({ said: "hihi" });
    say(socket, { say: "hi" });
    expect(JSON.parse(String((await once(socket, "message"))[0]))).toEqual({ said: "hi" });
    say(socket, { say: "bye" });
    expect(await closeOf(socket)).toEqual({ code: 1000, reason: "" });
  });

  test("answers a plain request with 426, and does not run", async () => {
    await using server = await workspace.start(Echo);
    const answer = await post(`${await server.ready()}/predict`, {});
    expect(answer.status).toBe(426);
    expect(await answer.text()).toContain("Echo is called over a WebSocket.");
  });

  test("closes with 1007 for a message that does not fit, and with 1011 when it throws", async () => {
    await using server = await workspace.start(Echo, { changes: { predictConcurrency: 2 } });
    const url = await server.ready();
    const unfit = await open(url);
    say(unfit, { say: 3 });
    expect(await closeOf(unfit)).toEqual({ code: 1007, reason: expect.stringContaining("say") });
    const failing = await open(url);
    say(failing, { say: "fail" });
    expect(await closeOf(failing)).toEqual({
      code: 1011,
      reason: "Internal server error (in model/chainlet).",
    });
    expect(await server.line(/Echo\.runRemote failed/)).toMatchObject({
      err: {
        message: "cannot say this",
        stack: expect.stringMatching(/at Echo\.runRemote \(\/.*fixtures\/chain\.ts:\d+\)/),
      },
      request_id: expect.any(String),
    });
  });

  test("ends its loop when the client leaves", async () => {
    await using server = await workspace.start(Echo);
    const socket = await open(await server.ready());
    socket.close();
    await server.line(/echo ended/);
  });

  test("pings, and cuts a client that does not answer", async () => {
    const pings = { intervalSeconds: 0.05, timeoutSeconds: 0.1 };
    await using server = await workspace.start(Echo, { changes: { pings } });
    const url = await server.ready();
    const healthy = await open(url);
    await once(healthy, "ping");
    await once(healthy, "ping");
    healthy.terminate();
    await server.line(/echo ended/);
    const deaf = new WebSocket(`${url.replace("http", "ws")}/predict`, { autoPong: false });
    expect(await closeOf(deaf)).toMatchObject({ code: 1006 });
  });

  test("does not cut a client whose messages wait", async () => {
    const pings = { intervalSeconds: 0.02, timeoutSeconds: 0.05 };
    await using server = await workspace.start(Ponder, { changes: { pings } });
    const socket = await open(await server.ready());
    let answers = 0;
    socket.on("message", () => {
      if (++answers === 40) socket.close();
    });
    // More than are read ahead; the first alone takes longer than a pong may.
    for (let message = 0; message < 40; message++) say(socket, { ms: message === 0 ? 500 : 20 });
    expect(await closeOf(socket)).toMatchObject({ code: 1005 });
    expect(answers).toBe(40);
  });

  test("ends quietly when the client leaves while it talks", async () => {
    await using server = await workspace.start(Ponder, { changes: { predictConcurrency: 1 } });
    const url = await server.ready();
    const left = await open(url);
    say(left, { ms: -1 });
    await once(left, "message");
    left.close();
    await once(left, "close");
    // Its turn comes when the first call is over, and whatever that had to say is logged.
    const next = await open(url);
    say(next, { ms: 0 });
    await once(next, "message");
    next.terminate();
    expect(server.lines.filter(({ level }) => level === "error")).toEqual([]);
  });

  test("is told when the server shuts down", async () => {
    await using server = await workspace.start(Echo, { env: { CHAINS_DRAIN_SECONDS: "0.1" } });
    const socket = await open(await server.ready());
    server.stop("SIGTERM");
    expect(await closeOf(socket)).toEqual({ code: 1001, reason: "The server is shutting down." });
    expect(await server.exited).toMatchObject({ code: 0 });
  });
});

describe("a client that never ends its WebSocket", () => {
  test.each([Echo, Shout])("does not keep the server from shutting down (%o)", async (cls) => {
    await using server = await workspace.start(cls, { env: { CHAINS_DRAIN_SECONDS: "0.1" } });
    const socket = await openSilent(await server.ready());
    server.stop("SIGTERM");
    expect(await server.exited).toMatchObject({ code: 0 });
    socket.destroy();
  });

  test("is cut when the chainlet has none", async () => {
    await using server = await workspace.start(Shout);
    const socket = await openSilent(await server.ready());
    // Only writing shows that nobody is there any more.
    const writing = setInterval(() => socket.write("x"), 10);
    await new Promise((resolve) => socket.once("close", resolve));
    clearInterval(writing);
  });
});

test("a chainlet without WebSockets closes them with 1003", async () => {
  await using server = await workspace.start(Shout);
  const socket = new WebSocket(`${(await server.ready()).replace("http", "ws")}/predict`);
  expect(await closeOf(socket)).toMatchObject({ code: 1003 });
});
