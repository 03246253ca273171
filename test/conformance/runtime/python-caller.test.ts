import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Count, Front, Shout, Sum } from "../../runtime/fixtures/chain.ts";
import { Workspace } from "../../runtime/support/workspace.ts";
import { PythonPeer, python } from "../rpc/peer.ts";

describe.skipIf(!python)("the Python stub calls our server", () => {
  let workspace: Workspace;
  let peer: PythonPeer;

  beforeAll(async () => {
    workspace = await Workspace.create();
    peer = await PythonPeer.start();
  });

  afterAll(async () => {
    await peer.stop();
    await workspace[Symbol.asyncDispose]();
  });

  test("defaults are ours, unknown fields are ignored, and unicode arrives", async () => {
    await using server = await workspace.start(Shout);
    const url = `${await server.ready()}/predict`;
    expect(await peer.call({ url, inputs: { text: "straße 日本 😀", more: null } })).toEqual({
      value: "STRASSE 日本 😀",
    });
  });

  test("a rejected input is an error that names the field", async () => {
    await using server = await workspace.start(Shout);
    const url = `${await server.ready()}/predict`;
    const { raised, message } = await peer.call({ url, inputs: { text: 3 } });
    expect(raised).toBe("GenericRemoteException");
    expect(message).toContain("HTTP status=400");
    expect(message).toContain(
      "Input Parsing Error:\n  `text`: Invalid input: expected string, received number.",
    );
  });

  test("an error two chainlets away shows the lines of both", async () => {
    await using shout = await workspace.start(Shout);
    const entry = { predict_url: `${await shout.ready()}/predict` };
    await workspace.write("dynamic/dynamic_chainlet_config", JSON.stringify({ Shout: entry }));
    await using front = await workspace.start(Front);
    const url = `${await front.ready()}/predict`;
    const { message } = await peer.call({ url, inputs: { text: "crash" } });
    const lines = message.split("\n");
    expect(lines[0]).toBe("(showing chained remote errors, root error at the bottom)");
    expect(message).toMatch(/├─ Error calling dependency Chainlet `Callee`, HTTP status=500/);
    expect(message).toMatch(/│ {3}├─ Error calling dependency Chainlet `Shout`, HTTP status=500/);
    expect(message).toMatch(/fixtures\/chain\.ts", line \d+, in Front\.runRemote/);
    expect(message).toMatch(/fixtures\/chain\.ts", line \d+, in Shout\.runRemote/);
    expect(lines.at(-1)).toBe("╰   ╰   Error: cannot shout this");
  });

  test("arrays travel in binary mode, both ways", async () => {
    await using server = await workspace.start(Sum);
    const url = `${await server.ready()}/predict`;
    const answer = await peer.call({ url, inputs: { vector: [1, 2.5] }, binary: true });
    expect(answer.value).toBe("{'sum': 3.5, 'vector': array([2., 5.], dtype=float32)}");
  });

  test("a stream of text is read as it is", async () => {
    await using server = await workspace.start(Count);
    const url = `${await server.ready()}/predict`;
    expect(await peer.call({ url, inputs: { items: 3 }, stream: "raw" })).toEqual({
      value: "0\n1\n2\n",
      decodable: true,
    });
  });

  test("a server that is gone is a failure to connect", async () => {
    await using server = await workspace.start(Shout);
    const url = `${await server.ready()}/predict`;
    const slow = peer.call({ url, inputs: { text: "x" } });
    expect(await slow).toEqual({ value: "X" });
    server.stop("SIGTERM");
    await server.exited;
    const { raised } = await peer.call({ url, inputs: { text: "x" } });
    expect(raised).toMatch(/Connect/);
  });
});
