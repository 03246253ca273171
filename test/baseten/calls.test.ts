import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { type AddressInfo, createServer, type Server } from "node:net";
import { join } from "node:path";
import { type AnyChainlet, type ChainDeployment, openDeployment, push } from "@truss-chains/baseten";
import { NdArray } from "truss-chains";
import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from "vitest";
import { ServerProcess } from "../runtime/support/server-process.ts";
import { chains, startChains } from "../support/cli.ts";
import type { Chainlet } from "./fake/platform.ts";
import { Bytes, Chat, Doubled, Steps, Words } from "./fixtures/talkers.ts";
import { Scene } from "./scene.ts";

let scene: Scene;
const servers: ServerProcess[] = [];
beforeEach(async () => {
  scene = await Scene.set({});
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server[Symbol.asyncDispose]();
  await scene[Symbol.asyncDispose]();
});

/** Pushes an entrypoint, and starts the server that arrived where the deployment's address leads. */
async function deployed<C extends abstract new (...args: any[]) => AnyChainlet>(
  entrypoint: C,
): Promise<ChainDeployment<InstanceType<C>>> {
  const deployment = await push(entrypoint, scene.options());
  const [{ s3Key }] = scene.fake.platform.chainlets as [Chainlet];
  const directory = join(scene.home, "arrived");
  await mkdir(join(directory, "secrets"), { recursive: true });
  execFileSync("tar", ["-xf", "-", "-C", directory], { input: scene.fake.archive(s3Key) });
  const server = new ServerProcess(join(directory, "data/server.mjs"), {
    CHAINS_APP_HOME: directory,
    CHAINS_SECRETS_DIR: join(directory, "secrets"),
    CHAINS_DYNAMIC_CONFIG_DIR: directory,
  });
  servers.push(server);
  scene.fake.serveFrom(await server.ready());
  return deployment;
}

const opened = () => openDeployment({ env: scene.env });

/** Answers every connection with these bytes, and ends it. */
class RawServer implements AsyncDisposable {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async answering(bytes: string): Promise<RawServer> {
    const server = createServer((socket) =>
      socket.once("data", () => socket.end(bytes)).on("error", () => {}),
    );
    await once(server.listen(0, "127.0.0.1"), "listening");
    return new RawServer(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise((done) => this.#server.close(done));
  }
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe("a deployed stream", () => {
  it("of strings gives them as they were yielded, to the one who pushed and to others", async () => {
    const words = await deployed(Words);
    expectTypeOf(words.runRemote).returns.toEqualTypeOf<AsyncIterable<string>>();
    expect(await all(words.runRemote({ text: "to be or" }))).toEqual(["to", "be", "or"]);
    expect(await all((await opened()).runRemote({ text: "not to" }))).toEqual(["not", "to"]);
  });

  it("of bytes gives bytes", async () => {
    const bytes = await deployed(Bytes);
    expectTypeOf(bytes.runRemote).returns.toEqualTypeOf<AsyncIterable<Uint8Array<ArrayBuffer>>>();
    expect(await all(bytes.runRemote())).toEqual([Uint8Array.of(0, 255), Uint8Array.of(1)]);
    expect(await all((await opened()).runRemote())).toEqual([Uint8Array.of(0, 255), Uint8Array.of(1)]);
  });

  it("of objects gives them, and the error that ended it", async () => {
    const steps = await deployed(Steps);
    expectTypeOf(steps.runRemote).returns.toEqualTypeOf<AsyncIterable<{ step: number; note: string }>>();
    expect(await all(steps.runRemote({ count: 2 }))).toEqual([
      { step: 1, note: "step 1" },
      { step: 2, note: "step 2" },
    ]);
    const seen: number[] = [];
    await expect(async () => {
      for await (const { step } of steps.runRemote({ count: 5 })) seen.push(step);
    }).rejects.toThrow("three is too many");
    expect(seen).toEqual([1, 2]);
  });

  it("refuses an input that does not fit, in the chain's own words", async () => {
    const words = await deployed(Words);
    await expect(all(words.runRemote({ text: 3 as never }))).rejects.toMatchObject({
      code: "INVOCATION_FAILED",
      data: { status: 400, body: expect.stringContaining("text") },
    });
  });

  it("that is broken off is no complete answer", async () => {
    const words = await deployed(Words);
    scene.fake.serveFrom("http://127.0.0.1:1");
    await expect(all(words.runRemote({ text: "x" }))).rejects.toMatchObject({ code: "API_FAILED" });
  });
});

describe("a deployed chainlet", () => {
  it("is sent typed arrays and answers with them", async () => {
    const doubled = await deployed(Doubled);
    const answer = await doubled.runRemote({ vector: NdArray.from(Float32Array.of(1, 2.5)) });
    expect(answer.data).toEqual(Float32Array.of(2, 5));
  });

  it("whose key is refused says so", async () => {
    const words = await deployed(Words);
    Object.assign(scene.fake, { apiKey: "another.key" });
    await expect(all(words.runRemote({ text: "x" }))).rejects.toMatchObject({ code: "API_KEY_REFUSED" });
  });
});

describe("a deployed WebSocket", () => {
  it("is opened by runRemote, and exchanges typed messages until it is closed", async () => {
    const chat = await deployed(Chat);
    expect(chat.url).toMatch(/^ws:.*\/websocket$/);
    const socket = await chat.runRemote();
    expectTypeOf(socket.receive).returns.resolves.toEqualTypeOf<{ said: string }>();
    expectTypeOf(socket.send).parameter(0).toEqualTypeOf<{ say: string; times: number }>();
    await socket.send({ say: "hi", times: 2 });
    expect(await socket.receive()).toEqual({ said: "hihi" });
    await socket.send({ say: "bye", times: 1 });
    expect(await all(socket)).toEqual([]);
    expect(socket.signal.aborted).toBe(true);
  });

  it("is known as one when it is opened later", async () => {
    await deployed(Chat);
    const later = await opened();
    expect([later.endpoint, later.url]).toEqual(["websocket", expect.stringMatching(/\/websocket$/)]);
    const socket = await later.runRemote();
    await socket.send({ say: "again" });
    expect(await socket.receive()).toEqual({ said: "again" });
    await socket.close();
  });

  it("closes for a message that does not fit, and says why", async () => {
    const chat = await deployed(Chat);
    const socket = await chat.runRemote();
    await socket.send({ say: 3 } as never);
    await expect(socket.receive()).rejects.toMatchObject({
      code: "CONNECTION_FAILED",
      data: { code: 1007, reason: expect.stringContaining("say") },
    });
  });

  it("that is refused says why: the key, and what was answered", async () => {
    const chat = await deployed(Chat);
    scene.fake.serveFrom("http://127.0.0.1:1");
    await expect(chat.runRemote()).rejects.toMatchObject({ code: "API_FAILED" });
    Object.assign(scene.fake, { apiKey: "another.key" });
    await expect(chat.runRemote()).rejects.toMatchObject({ code: "API_KEY_REFUSED" });
  });

  it("that is refused with half of an answer says so, too", async () => {
    const chat = await push(Chat, scene.options());
    await using server = await RawServer.answering("HTTP/1.1 503 Busy\r\ncontent-length: 100\r\n\r\nbus");
    scene.fake.serveFrom(server.url);
    await expect(chat.runRemote()).rejects.toMatchObject({
      code: "INVOCATION_FAILED",
      message: expect.stringContaining("answered with status 503"),
    });
  });
});

describe("chains invoke", () => {
  const options = () => ({ cwd: scene.project, env: scene.env });

  it("prints the strings of a stream as they come", async () => {
    await deployed(Words);
    expect(await chains(["invoke", "-i", `{"text": "to be"}`], options())).toMatchObject({
      code: 0,
      stdout: "tobe\n",
    });
    expect(
      JSON.parse((await chains(["invoke", "-i", `{"text": "to be"}`, "--json"], options())).stdout),
    ).toBe("tobe");
  });

  it("prints the objects of a stream one a line, and all of them as one document", async () => {
    await deployed(Steps);
    const args = ["invoke", "-i", `{"count": 2}`];
    const steps = [
      { step: 1, note: "step 1" },
      { step: 2, note: "step 2" },
    ];
    expect((await chains(args, options())).stdout).toBe(
      steps.map((step) => `${JSON.stringify(step)}\n`).join(""),
    );
    expect(JSON.parse((await chains([...args, "--json"], options())).stdout)).toEqual(steps);
  });

  it("sends lines to a WebSocket, and prints what comes until the chain closes it", async () => {
    await deployed(Chat);
    const input = `{"say": "hi"}\n{"say": "ho", "times": 2}\n{"say": "bye"}\n`;
    expect(await chains(["invoke", "--input", "-"], { ...options(), input })).toMatchObject({
      code: 0,
      stdout: `{"said":"hi"}\n{"said":"hoho"}\n`,
      stderr: expect.stringContaining("Ctrl-C ends it."),
    });
  });

  it("sends one message to a WebSocket, and goes on until Ctrl-C", async () => {
    await deployed(Chat);
    const running = startChains(["invoke", "-i", `{"say": "hi"}`], options());
    await running.saw(/"said":"hi"/);
    expect(await running.stop("SIGINT")).toBe(0);
  });

  it("says what is wrong with a message, as the chain does and before it is sent", async () => {
    await deployed(Chat);
    expect(await chains(["invoke", "-i", `{"say": 3}`], options())).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/closed with code 1007: [\s\S]*say/),
    });
    expect(await chains(["invoke", "-i", "{oops"], options())).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("The message is not JSON"),
    });
  });
});

describe("what another tool has pushed", () => {
  it.each([
    ["a plain endpoint", {}, "unary", /^http:.*\/run_remote$/],
    ["a WebSocket", { runtime: { transport: { kind: "websocket" } } }, "websocket", /^ws:.*\/websocket$/],
  ])("is known to be %s by its config", async (_, config, endpoint, url) => {
    await push(Words, scene.options());
    const [chainlet] = scene.fake.platform.chainlets;
    Object.assign(chainlet!, { config });
    const deployment = await opened();
    expect([deployment.endpoint, deployment.schemas]).toEqual([endpoint, undefined]);
    expect(deployment.url).toMatch(url);
  });
});
