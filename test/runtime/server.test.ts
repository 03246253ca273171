import { once } from "node:events";
import { request } from "node:http";
import { connect, createServer } from "node:net";
import { buffer, text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Broken, Client, Count, Front, Leaky, Quitter, Shout, Slow } from "./fixtures/chain.ts";
import { jsonOf, post, Workspace } from "./support/workspace.ts";

let workspace: Workspace;
beforeAll(async () => {
  workspace = await Workspace.create();
});
afterAll(() => workspace[Symbol.asyncDispose]());

/** A call as it goes over the wire, for clients that do what `fetch` does not. */
function rawCall(input: unknown): string {
  const body = JSON.stringify(input);
  return `POST /predict HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

describe("a chainlet's server", () => {
  test("answers calls, probes, and questions about itself", async () => {
    await using server = await workspace.start(Shout);
    const url = await server.ready();
    const answer = await post(`${url}/predict`, { text: "hey", times: 2, unknown: true });
    expect([answer.status, answer.headers.get("content-type"), await answer.text()]).toEqual([
      200,
      "application/json",
      '"HEYHEY"',
    ]);
    expect((await fetch(`${url}/live`)).status).toBe(200);
    expect(await (await fetch(`${url}/ready`)).json()).toEqual({});
    const { schemas, hash } = await jsonOf(await fetch(`${url}/schema`));
    expect(hash).toMatch(/^[\da-f]{16}$/);
    expect(schemas).toMatchObject({ kind: "unary", output: { type: "string" } });
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain('chainlet_requests_total{status="200"} 1');
    expect(metrics).toContain("chainlet_service_seconds_count 1");
  });

  test("calls its dependencies by the mounted addresses, and tells them whose request it is", async () => {
    await using shout = await workspace.start(Shout);
    const entry = { predict_url: `${await shout.ready()}/predict` };
    await workspace.write("dynamic/dynamic_chainlet_config", JSON.stringify({ Shout: entry }));
    await workspace.write("dynamic/environment", JSON.stringify({ name: "production" }));
    await using front = await workspace.start(Front);
    const url = await front.ready();
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const answer = await post(
      `${url}/predict`,
      { text: "hello" },
      { headers: { traceparent, "x-baseten-request-id": "request-7" } },
    );
    expect(await answer.json()).toEqual({ said: "HELLO", environment: "production" });
    expect(await front.line(/^fronting$/)).toMatchObject({
      size: 5,
      request_id: "request-7",
      trace_id: "0af7651916cd43dd8448eb211c80319c",
      chainlet: "Front",
    });
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain('dependency_chainlet_requests_total{dependency_chainlet="Shout"} 1');
  });

  test("counts and logs calls to what is deployed elsewhere as those to dependencies", async () => {
    await using shout = await workspace.start(Shout);
    await using client = await workspace.start(Client, {
      env: { MODEL_URL: `${await shout.ready()}/predict` },
    });
    const url = await client.ready();
    expect(await (await post(`${url}/predict`, { text: "hey" })).json()).toBe("HEY");
    expect((await post(`${url}/predict`, { text: "crash" })).status).toBe(500);
    expect(await client.line(/Attempt 1 to call Model failed/)).toMatchObject({
      request_id: expect.any(String),
    });
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain('dependency_chainlet_requests_total{dependency_chainlet="Model"} 3');
    expect(metrics).toContain('dependency_chainlet_ongoing_requests{dependency_chainlet="Model"} 0');
  });

  test("passes on what went wrong in a dependency, with the lines of the sources", async () => {
    await using shout = await workspace.start(Shout);
    const entry = { predict_url: `${await shout.ready()}/predict` };
    await workspace.write("dynamic/dynamic_chainlet_config", JSON.stringify({ Shout: entry }));
    await using front = await workspace.start(Front);
    const answer = await post(`${await front.ready()}/predict`, { text: "crash" });
    expect(answer.status).toBe(500);
    const { error } = await jsonOf(answer);
    expect(error.exception_message).toContain("Error calling dependency Chainlet `Shout`, HTTP status=500");
    expect(error.exception_message).toMatch(/fixtures\/chain\.ts", line \d+, in .*runRemote/);
    expect(error.exception_message).toContain('throw new Error("cannot shout this");');
    expect(await shout.line(/Shout\.runRemote failed/)).toMatchObject({
      err: { stack: expect.stringMatching(/fixtures\/chain\.ts:\d+\)/) },
    });
    expect(error.user_stack_trace[0]).toMatchObject({
      filename: expect.stringMatching(/fixtures\/chain\.ts$/),
      line: expect.stringContaining("await this.shout.runRemote({ text })"),
    });
  });

  test("refuses what is no call, and says why", async () => {
    await using server = await workspace.start(Shout);
    const url = await server.ready();
    const invalid = await post(`${url}/predict`, { times: 1 });
    expect([invalid.status, (await jsonOf(invalid)).error]).toEqual([
      400,
      "Input Parsing Error:\n  `text`: Invalid input: expected string, received undefined.",
    ]);
    expect((await post(`${url}/predict`, "{")).status).toBe(400);
    const wrongMethod = await fetch(`${url}/predict`);
    expect([wrongMethod.status, wrongMethod.headers.get("allow")]).toEqual([405, "POST"]);
    const nowhere = await fetch(`${url}/nothing`);
    expect([nowhere.status, (await jsonOf(nowhere)).error]).toEqual([
      404,
      expect.stringContaining("/predict"),
    ]);
  });

  test("refuses a body beyond the limit, and the client gets the answer", async () => {
    await using server = await workspace.start(Shout);
    const url = await server.ready();
    const answer = await post(`${url}/predict`, `{"text":"${"x".repeat(101 * 1024 * 1024)}"}`);
    expect([answer.status, (await jsonOf(answer)).error]).toEqual([
      413,
      expect.stringContaining("104857600 bytes"),
    ]);
  });

  test("lets calls wait for their turn, and aborts the one whose client leaves", async () => {
    await using server = await workspace.start(Slow);
    const url = await server.ready();
    const gone = new AbortController();
    const first = post(`${url}/predict`, { ms: 60_000 }, { signal: gone.signal }).catch(
      (error) => error.name,
    );
    await server.line(/slow call begun/);
    const second = post(`${url}/predict`, { ms: 1 });
    gone.abort();
    expect(await first).toBe("AbortError");
    await server.line(/slow call aborted/);
    expect(await (await second).json()).toBe("done");
  });

  test("aborts a call whose deadline passes", async () => {
    await using server = await workspace.start(Slow);
    const url = await server.ready();
    const answer = await post(
      `${url}/predict`,
      { ms: 60_000 },
      { headers: { "x-chains-deadline-ms": "100" } },
    );
    expect(await answer.json()).toBe("aborted");
  });

  test("shows a secret neither in its log nor to its callers", async () => {
    await workspace.write("secrets/token", 'hush "quoted" value');
    await using server = await workspace.start(Leaky);
    const answer = await post(`${await server.ready()}/predict`, {});
    expect((await jsonOf(answer)).error.exception_message).toBe("denied for [hidden]");
    await server.line(/Leaky\.runRemote failed/);
    expect(await server.line(/^using/)).toMatchObject({ msg: "using [hidden] DeploymentContext of Leaky" });
    expect(JSON.stringify(server.lines)).not.toContain("quoted");
  });

  test("shows no secret in the lines that are written as its process ends", async () => {
    await workspace.write("secrets/token", 'hush "quoted" value');
    await using server = await workspace.start(Quitter);
    expect(await server.exited).toMatchObject({ code: 4 });
    expect(server.lines).toMatchObject([
      { level: "info", msg: expect.stringMatching(/^quits with \[hidden\] Error: never mind \[hidden\]/) },
      { level: "error", msg: expect.stringContaining("token: '[hidden]'") },
    ]);
    expect(JSON.stringify(server.lines)).not.toContain("quoted");
  });

  test("streams items as they come, and ends the generator when the client leaves", async () => {
    await using server = await workspace.start(Count);
    const url = await server.ready();
    const whole = await post(`${url}/predict`, { items: 3 });
    expect([whole.headers.get("content-type"), await whole.text()]).toEqual([
      "application/octet-stream",
      "0\n1\n2\n",
    ]);
    const gone = new AbortController();
    const endless = await post(`${url}/predict`, { items: 1e9, pauseMs: 1 }, { signal: gone.signal });
    const reader = endless.body!.getReader();
    expect(Buffer.from((await reader.read()).value!).toString()).toMatch(/^0\n/);
    gone.abort();
    await expect.poll(() => server.lines.filter(({ msg }) => msg === "count ended").length).toBe(2);
    // The next call has its turn when the one before is over, and what was to say of that is logged.
    expect(await (await post(`${url}/predict`, { items: 1 })).text()).toBe("0\n");
    expect(server.lines.filter(({ level }) => level === "error")).toEqual([]);
  });

  test("gathers a stream for a client that accepts nothing but JSON", async () => {
    await using server = await workspace.start(Count);
    const answer = await post(
      `${await server.ready()}/predict`,
      { items: 3 },
      { headers: { accept: "application/json" } },
    );
    expect([answer.headers.get("content-type"), await answer.text()]).toEqual([
      "application/json",
      '"0\\n1\\n2\\n"',
    ]);
  });

  test("answers a client that offers another protocol as usual", async () => {
    await using server = await workspace.start(Shout);
    const { port } = new URL(await server.ready());
    const body = JSON.stringify({ text: "hey" });
    const call = (connection: string) =>
      `POST /predict HTTP/1.1\r\nhost: x\r\nupgrade: h2c\r\nconnection: ${connection}, upgrade\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    const socket = connect(Number(port), "127.0.0.1");
    socket.write(call("keep-alive"));
    expect(String((await once(socket, "data"))[0])).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*"HEY"$/);
    socket.write(call("close"));
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*"HEY"$/);
  });

  test("answers calls that were sent ahead in their order", async () => {
    await using server = await workspace.start(Shout);
    const socket = connect(Number(new URL(await server.ready()).port), "127.0.0.1");
    socket.write(["a", "b", "c"].map((text) => rawCall({ text })).join(""));
    let answers = "";
    for await (const piece of socket) {
      answers += piece;
      if (answers.includes('"C"')) break;
    }
    expect(answers.match(/"[A-Z]"/g)).toEqual(['"A"', '"B"', '"C"']);
  });

  test("gives back the turns of a client that sent several calls ahead, and left", async () => {
    await using server = await workspace.start(Count);
    const url = await server.ready();
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.write(rawCall({ items: 1e9, pauseMs: 1 }) + rawCall({ items: 1e9, bytes: 10_000 }));
    await once(socket, "data");
    socket.destroy();
    expect(await (await post(`${url}/predict`, { items: 1 })).text()).toBe("0\n");
  });

  test("keeps a slow reader from filling its memory", async () => {
    await using server = await workspace.start(Count, { env: { NODE_OPTIONS: "--max-old-space-size=64" } });
    const { port } = new URL(await server.ready());
    const socket = connect(Number(port), "127.0.0.1");
    socket.write(rawCall({ items: 1_000_000, bytes: 10_000 }));
    await once(socket, "readable");
    // The stream is far larger than the memory that the server may use; it has to wait for its reader.
    const alive = await fetch(`http://127.0.0.1:${port}/live`);
    expect(alive.status).toBe(200);
    socket.destroy();
    await server.line(/count ended/);
  });
});

describe("a server that is told to stop", () => {
  test.each(["9", "3000000"])(
    "finishes what is under way in %s seconds, and refuses new calls",
    async (seconds) => {
      await using server = await workspace.start(Slow, { env: { CHAINS_DRAIN_SECONDS: seconds } });
      const url = await server.ready();
      const running = post(`${url}/predict`, { ms: 300 });
      await server.line(/slow call begun/);
      server.stop("SIGTERM");
      await server.line(/stops on SIGTERM/);
      expect((await fetch(`${url}/ready`)).status).toBe(503);
      const refused = await post(`${url}/predict`, { ms: 1 });
      expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
      expect(await (await running).json()).toBe("done");
      expect(await server.exited).toEqual({ code: 0, signal: null });
    },
  );

  test("ends what takes longer than a shutdown may", async () => {
    await using server = await workspace.start(Slow, { env: { CHAINS_DRAIN_SECONDS: "0.2" } });
    const url = await server.ready();
    const running = post(`${url}/predict`, { ms: 60_000 });
    await server.line(/slow call begun/);
    server.stop("SIGTERM");
    expect(await (await running).json()).toBe("aborted");
    expect(await server.exited).toEqual({ code: 0, signal: null });
  });

  test("lets a slow client read all of its answer", async () => {
    await using server = await workspace.start(Shout);
    const url = await server.ready();
    const times = 30_000_000;
    const call = request(`${url}/predict`, { method: "POST" });
    call.end(JSON.stringify({ text: "x", times }));
    const [answer] = await once(call, "response");
    server.stop("SIGTERM");
    await server.line(/stops on SIGTERM/);
    expect((await fetch(`${url}/ready`)).status).toBe(503);
    expect((await buffer(answer)).length).toBe(times + 2);
    expect(await server.exited).toEqual({ code: 0, signal: null });
  });

  test("is not held up by idle connections", async () => {
    await using server = await workspace.start(Shout);
    const { port } = new URL(await server.ready());
    const idle = connect(Number(port), "127.0.0.1");
    await once(idle, "connect");
    server.stop("SIGTERM");
    expect(await server.exited).toEqual({ code: 0, signal: null });
    idle.destroy();
  });
});

describe("a server that cannot start", () => {
  test("says which line of the constructor threw", async () => {
    await using server = await workspace.start(Broken);
    expect(await server.exited).toMatchObject({ code: 1 });
    expect(await server.line(/did not start/)).toMatchObject({
      level: "fatal",
      code: "STARTUP_FAILED",
      msg: expect.stringContaining("The constructor of Broken threw Error: no model here"),
      err: { stack: expect.stringMatching(/at new Broken \(\/.*fixtures\/chain\.ts:\d+\)/) },
      location: {
        file: expect.stringMatching(/fixtures\/chain\.ts$/),
        line: expect.any(Number),
        className: "Broken",
      },
    });
  });

  test("says which dependency has no address, and which parameter wants it", async () => {
    await workspace.write(
      "dynamic/dynamic_chainlet_config",
      JSON.stringify({ Other: { predict_url: "http://x" } }),
    );
    await using server = await workspace.start(Front);
    expect(await server.exited).toMatchObject({ code: 1 });
    expect(await server.line(/did not start/)).toMatchObject({
      code: "DEPENDENCY_NOT_CONFIGURED",
      msg: expect.stringMatching(
        /Chainlet "Shout" is not in dynamic_chainlet_config; it has: Other\..*parameter 1/,
      ),
    });
  });

  test("says that its port is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    await using server = await workspace.start(Shout, { env: { PORT: String(port) } });
    expect(await server.exited).toMatchObject({ code: 1 });
    expect(await server.line(/did not start/)).toMatchObject({
      code: "PORT_IN_USE",
      msg: expect.stringContaining(`Port ${port} on 127.0.0.1 is taken`),
    });
    other.close();
  });
});
