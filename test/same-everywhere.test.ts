import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildChain } from "@truss-chains/compiler";
import { discoverChain } from "@truss-chains/compiler/discover";
import { runLocal } from "truss-chains";
import { beforeAll, describe, expect, test } from "vitest";
import { TextPipeline } from "../examples/text-to-number/chain.ts";
import { chains, startChains } from "./support/cli.ts";
import { deploy } from "./support/deployment.ts";
import { hasNginx } from "./support/nginx.ts";

const SOURCE = fileURLToPath(new URL("../examples/text-to-number/chain.ts", import.meta.url));
const REQUEST = { length: 64, numPartitions: 3 };
const RESULT = [
  12092,
  "Lorem ipsum dolor sit amet, consectetur adipiscing elit. Lorem i",
  123,
  { note: "unset", weight: 0.5 },
  ["a", "b"],
];

async function post(url: string, body: unknown): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

// A generator, a splitter that fails once and is retried, a replicator, a service that turns text into a number, and an
// entrypoint with defaults that returns an array of mixed values.
describe("a chain of five chainlets gives the same result", () => {
  test("in memory, through runLocal", async () => {
    await using chain = runLocal(TextPipeline);
    expect(await chain.runRemote(REQUEST)).toEqual(RESULT);
  });

  test("through chains run", async () => {
    const { code, stdout, stderr } = await chains(["run", SOURCE, "--input", JSON.stringify(REQUEST)]);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(RESULT);
  });

  test("through chains dev, with a process per chainlet", async () => {
    const dev = startChains(["dev", SOURCE, "--no-watch"]);
    const [, url] = await dev.saw(/is at (http\S+)/);
    expect(await (await post(url!, REQUEST)).json()).toEqual(RESULT);
    expect(await dev.stop()).toBe(0);
  });

  describe("as built servers", () => {
    let out: string;
    beforeAll(async () => {
      out = await mkdtemp(join(tmpdir(), "chains-same-"));
      await rm(out, { recursive: true });
      await buildChain(await discoverChain(SOURCE), out);
      return () => rm(out, { recursive: true, force: true });
    });

    test(`behind ${hasNginx ? "the platform's proxy" : "nothing (nginx is not installed)"}`, async () => {
      const deployment = await deploy(out);
      const response = await post(deployment.urls["TextPipeline"]!, REQUEST);
      expect(await response.json()).toEqual(RESULT);
      expect(response.headers.get("content-type")).toContain("application/json");
      for (const line of deployment.logs("TextPipeline").trim().split("\n"))
        expect(() => JSON.parse(line)).not.toThrow();
    });

    test("and tells errors alike: a fault deep in the chain arrives with its class, message and place", async () => {
      const deployment = await deploy(out);
      const url = deployment.urls["TextPipeline"]!;
      await post(url, REQUEST);
      const response = await post(url, { length: 200, numPartitions: 2 });
      const { error } = (await response.json()) as { error: { exception_message: string } };
      await using local = runLocal(TextPipeline);
      await local.runRemote(REQUEST);
      const thrown = await local
        .runRemote({ length: 200, numPartitions: 2 })
        .catch((reason: unknown) => reason as Error);
      for (const message of [error.exception_message, (thrown as Error).message]) {
        expect(message).toContain("This input is too long: 100.");
        expect(message).toContain("Error calling dependency Chainlet `TextReplicator`, HTTP status=500");
        expect(message).toMatch(/chain\.ts", line \d+, in .*runRemote/);
      }
    });

    test("and drains on SIGTERM", async () => {
      const { processes, urls } = await deploy(out);
      const answer = post(urls["GenerateData"]!, { length: 5 });
      await answer;
      const child = processes["GenerateData"]!;
      const ended = new Promise((resolve) => child.once("exit", (code, signal) => resolve([code, signal])));
      child.kill("SIGTERM");
      expect(await ended).toEqual([0, null]);
    });
  });
});
