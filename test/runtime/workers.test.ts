import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Broken, Busy, Careless, Count, Runner, Shout } from "./fixtures/chain.ts";
import { jsonOf, post, Workspace } from "./support/workspace.ts";

let workspace: Workspace;
beforeAll(async () => {
  workspace = await Workspace.create();
});
afterAll(() => workspace[Symbol.asyncDispose]());

const changes = { workerThreads: 2, predictConcurrency: 4 };

describe("a chainlet in worker threads", () => {
  test("computes without holding up probes, in as many threads as it asks for", async () => {
    await using server = await workspace.start(Busy, { changes });
    const url = await server.ready();
    const calls = [post(`${url}/predict`, { ms: 1500 }), post(`${url}/predict`, { ms: 1500 })];
    expect((await fetch(`${url}/live`)).status).toBe(200);
    expect((await fetch(`${url}/ready`)).status).toBe(200);
    const threads = await Promise.all(calls.map(async (call) => (await jsonOf(await call)).thread));
    expect(new Set(threads).size).toBe(2);
  });

  test("answers, refuses and fails like one in the main thread", async () => {
    await using server = await workspace.start(Shout, { changes });
    const url = await server.ready();
    expect(await (await post(`${url}/predict`, { text: "a", times: 3 })).json()).toBe("AAA");
    expect((await post(`${url}/predict`, {})).status).toBe(400);
    const failed = await post(`${url}/predict`, { text: "crash" });
    expect((await jsonOf(failed)).error.user_stack_trace[0].line).toBe(
      'if (text === "crash") throw new Error("cannot shout this");',
    );
  });

  test("streams, and stops when the client leaves", async () => {
    await using server = await workspace.start(Count, { changes });
    const url = await server.ready();
    expect(await (await post(`${url}/predict`, { items: 2 })).text()).toBe("0\n1\n");
    const gone = new AbortController();
    const endless = await post(`${url}/predict`, { items: 1e9, pauseMs: 1 }, { signal: gone.signal });
    await endless.body!.getReader().read();
    gone.abort();
    await expect.poll(() => server.lines.filter(({ msg }) => msg === "count ended").length).toBe(2);
    expect(await (await post(`${url}/predict`, { items: 1 })).text()).toBe("0\n");
    expect(server.lines.filter(({ level }) => level === "error")).toEqual([]);
  });

  test("answers the calls of a thread that dies, and replaces it", async () => {
    await using server = await workspace.start(Busy, { changes: { ...changes, workerThreads: 1 } });
    const url = await server.ready();
    const died = await post(`${url}/predict`, { ms: -1 });
    expect([died.status, (await jsonOf(died)).error]).toEqual([503, expect.stringContaining("died")]);
    const unready = await fetch(`${url}/ready`);
    expect([unready.status, await unready.json()]).toEqual([
      503,
      { error: "Busy has no live worker thread." },
    ]);
    await expect
      .poll(async () => (await post(`${url}/predict`, { ms: 1 })).status, { timeout: 20_000 })
      .toBe(200);
  });

  test("is as ready as before while the thread that replaced a dead one computes", async () => {
    await using server = await workspace.start(Runner, { changes: { ...changes, workerThreads: 1 } });
    const url = await server.ready();
    const run = async (input: unknown) => {
      const answer = post(`${url}/predict`, input);
      const metrics = async () => (await fetch(`${url}/metrics`)).text();
      await expect.poll(metrics, { timeout: 20_000 }).toContain("chainlet_ongoing_requests 1");
      return { answer, ready: await fetch(`${url}/ready`) };
    };
    // A probe waits for the thread's answer when it dies.
    const dying = await run({ ms: 2_000, exits: true });
    expect((await dying.answer).status).toBe(503);
    await expect
      .poll(async () => (await post(`${url}/predict`, { ms: 1 })).status, { timeout: 20_000 })
      .toBe(200);
    const computing = await run({ ms: 2_000 });
    expect([(await computing.answer).status, computing.ready.status]).toEqual([200, 200]);
  });

  test("goes on after a rejection that nobody handled", async () => {
    await workspace.write("secrets/token", "hush");
    await using server = await workspace.start(Careless, { changes: { workerThreads: 1 } });
    const answer = await post(`${await server.ready()}/predict`, { how: "reject" });
    expect(await answer.json()).toBe("done");
    expect(await server.line(/rejected and nobody handled it/)).toMatchObject({ level: "error" });
  });

  test("logs what a thread said and died of, without secrets", async () => {
    await workspace.write("secrets/token", 'hush "quoted" value');
    await using server = await workspace.start(Careless, { changes: { workerThreads: 1 } });
    const url = await server.ready();
    expect((await post(`${url}/predict`, { how: "throw" })).status).toBe(503);
    expect(await server.line(/was not caught/)).toMatchObject({
      level: "fatal",
      err: { message: "nobody waits for [hidden]" },
    });
    await server.line(/ended with 1; another takes its place/);
    await expect.poll(async () => (await fetch(`${url}/ready`)).status, { timeout: 20_000 }).toBe(200);
    expect((await post(`${url}/predict`, { how: "exit" })).status).toBe(503);
    await server.line(/is careless, and exits/);
    await server.line(/ended with 3/);
    expect(JSON.stringify(server.lines)).not.toContain("quoted");
  });

  test("says why it does not start", async () => {
    await using server = await workspace.start(Broken, { changes });
    expect(await server.exited).toMatchObject({ code: 1 });
    expect(server.lines.map(({ msg }) => msg).join("\n")).toContain(
      "The constructor of Broken threw Error: no model here",
    );
  });
});
