import { MessageChannel } from "node:worker_threads";
import { afterEach, expect, test, vi } from "vitest";
import type { Answer, Handler } from "../handler/answer.ts";
import { PortCaller } from "./call-through-port.ts";
import { servePort } from "./serve-port.ts";

const channels: MessageChannel[] = [];
afterEach(() => {
  for (const { port1 } of channels.splice(0)) port1.close();
});

function through(handler: Handler): PortCaller {
  const channel = new MessageChannel();
  channels.push(channel);
  servePort(channel.port2, handler, async () => ({ ok: true }));
  return new PortCaller(channel.port1 as never);
}

const answer = (body: Answer["body"]): Answer => ({ status: 200, headers: { "x-own": "1" }, body });
const request = { headers: { a: "b" }, body: "in", signal: undefined };

async function textOf({ body }: Answer): Promise<string> {
  if (typeof body === "string") return body;
  const pieces: Uint8Array[] = [];
  for await (const piece of body as AsyncIterable<Uint8Array>) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

test("calls and their answers pass a port, many at a time", async () => {
  const caller = through(async ({ body, headers }) => answer(`${body} ${headers.a}`));
  const answers = await Promise.all([1, 2, 3].map((n) => caller.call({ ...request, body: `${n}` })));
  expect(await Promise.all(answers.map(textOf))).toEqual(["1 b", "2 b", "3 b"]);
  expect([answers[0]!.headers, caller.busy]).toEqual([{ "x-own": "1" }, 0]);
});

test("a stream passes piece by piece, only as fast as it is read", async () => {
  let produced = 0;
  async function* body(): AsyncIterable<Uint8Array> {
    for (; produced < 100; produced++) yield Buffer.from(`${produced},`);
  }
  const caller = through(async () => answer(body()));
  const pieces = ((await caller.call(request)).body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  for (let read = 0; read < 3; read++) await pieces.next();
  expect(produced).toBeLessThanOrEqual(3);
  await pieces.return!();
  expect(caller.busy).toBe(0);
});

test("an abort reaches the handler, and so does leaving a stream", async () => {
  const aborted: unknown[] = [];
  const caller = through(({ signal }) => {
    return new Promise((resolve) => {
      signal!.addEventListener("abort", () => {
        aborted.push("call");
        resolve(answer("late"));
      });
    });
  });
  const controller = new AbortController();
  void caller.call({ ...request, signal: controller.signal });
  controller.abort();
  await expect.poll(() => aborted).toEqual(["call"]);
});

test("a port that dies fails what is under way", async () => {
  const caller = through(() => new Promise(() => {}));
  const call = caller.call(request);
  caller.fail();
  expect((await call).status).toBe(503);
  expect(await caller.health()).toMatchObject({ ok: false });
});

test("a handler that breaks is an answer too", async () => {
  const caller = through(async () => {
    throw new Error("broken");
  });
  expect((await caller.call(request)).status).toBe(500);
  expect(caller.busy).toBe(0);
});

test("a stream that begins after its caller left is ended, and whoever still reads it hears so", async () => {
  const ended = vi.fn();
  let begin = (_: Answer): void => {};
  const caller = through(() => new Promise((resolve) => (begin = resolve)));
  const controller = new AbortController();
  const call = caller.call({ ...request, signal: controller.signal });
  controller.abort();
  // Messages arrive in order: the abort is there when this is answered.
  await caller.health();
  const pieces = { next: () => new Promise<never>(() => {}), return: async () => ended() };
  begin(answer({ [Symbol.asyncIterator]: () => pieces }));
  await expect(textOf(await call)).rejects.toThrow("The stream ended before it was complete.");
  expect([caller.busy, ended.mock.calls.length]).toEqual([0, 1]);
});
