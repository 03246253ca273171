import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { push } from "@truss-chains/baseten";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeHub } from "../weights/support/hub.ts";
import { Scene, SMALL_CHAIN } from "./scene.ts";

const BIN = fileURLToPath(new URL("../../packages/cli/dist/bin.js", import.meta.url));

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Options {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly onStderr?: (said: string, interrupt: () => void) => void;
}

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.set({ "chain.ts": SMALL_CHAIN });
});
afterEach(() => scene[Symbol.asyncDispose]());

/** Runs the command in the project, as the person whose home the scene has. */
function chains(
  args: readonly string[],
  { input = "", env = {}, onStderr = (_: string, __: () => void) => {} }: Options = {},
): Promise<Ran> {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: scene.project,
    env: {
      PATH: process.env.PATH ?? "",
      ...scene.env,
      ...env,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    },
  });
  child.stdin.end(input);
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (text: string) => {
      said[name] += text;
      if (name === "stderr") onStderr(said.stderr, () => child.kill("SIGINT"));
    });
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, ...said })));
}

describe("chains push", () => {
  it("tells each step in lines, and ends with where the chain is and how to call it", async () => {
    scene.fake.platform.lifeOf = () => ["BUILDING_MODEL", "MODEL_READY"];
    const { code, stdout, stderr } = await chains(["push", "chain.ts"]);
    expect(stderr).toMatch(
      /Built 2 chainlets of Sums\n[\s\S]*Uploaded [\d.]+ MB\n[\s\S]*Sum \(entrypoint\): ● active/,
    );
    const [chain] = scene.fake.platform.chains;
    expect(stdout).toContain(`${chain!.hostname}/deployment/${chain!.deployments[0]!.id}/run_remote`);
    expect(stdout).toContain("curl -X POST");
    expect(stdout + stderr).not.toContain(scene.fake.apiKey);
    expect(code).toBe(0);
  });

  it("with --json prints one document on stdout, and events on stderr", async () => {
    scene.fake.platform.lifeOf = () => ["MODEL_READY"];
    const { code, stdout, stderr } = await chains(["push", "chain.ts", "--promote", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      chain: "Sums",
      environment: "production",
      chainlets: [{ status: "ACTIVE" }, {}],
    });
    const events = stderr
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(events).toContainEqual(expect.objectContaining({ type: "step", step: "upload", state: "done" }));
    expect(code).toBe(0);
  });

  it("that fails shows the end of the logs and exits with 3", async () => {
    scene.fake.platform.lifeOf = (name) => (name === "Add" ? ["MODEL_DEPLOY_FAILED"] : ["MODEL_READY"]);
    scene.fake.trouble = ({ path }) => {
      for (const chainlet of scene.fake.platform.chainlets)
        if (path.endsWith("/logs") && chainlet.logs.length === 0)
          chainlet.logs.push({ timestamp: "1", message: "no module named torch", replica: null });
      return undefined;
    };
    const { code, stderr } = await chains(["push", "chain.ts"]);
    expect(stderr).toContain("no module named torch");
    expect(stderr).toContain("The deployment of Sums failed: Add is DEPLOY_FAILED.");
    expect(code).toBe(3);
  });

  it("that is interrupted while it waits says what goes on", async () => {
    scene.fake.platform.lifeOf = () => ["BUILDING_MODEL"];
    let isInterrupted = false;
    const { code, stderr } = await chains(["push", "chain.ts"], {
      onStderr: (text, interrupt) => {
        if (!isInterrupted && text.includes("building")) interrupt();
        isInterrupted ||= text.includes("building");
      },
    });
    expect(stderr).toContain("Baseten goes on deploying Sums without us.");
    expect(code).toBe(130);
  });

  it("--plan shows hardware, config and breaking changes, and deploys nothing", async () => {
    await push(scene.source, scene.options());
    await scene.write({
      "chain.ts": SMALL_CHAIN.replace(
        "z.object({ a: z.number(), b: z.number() })",
        "z.object({ a: z.number(), b: z.number(), c: z.number() })",
      )
        .replace("import { Chainlet,", "import { Assets, Compute, RemoteConfig, WeightsSource, Chainlet,")
        .replace(
          "@Chainlet()\nexport class Add",
          `@Chainlet({ remoteConfig: new RemoteConfig({ compute: new Compute({ memory: "4Gi" }), assets: new Assets({
            weights: [new WeightsSource({ source: "hf://owner/repo@main", mountLocation: "/m" })] }) }) })\nexport class Add`,
        )
        .replace("{ a: number; b: number }", "{ a: number; b: number; c: number }")
        .replace("b: value }", "b: value, c: 0 }"),
    });
    const hub = await FakeHub.start();
    const files = { "model.bin": Buffer.alloc(3_200_000) };
    hub.repos.set("owner/repo", { commit: "c".repeat(40), branches: ["main"], files });
    const { code, stdout } = await chains(["push", "chain.ts", "--plan"], { env: { HF_ENDPOINT: hub.url } });
    expect(stdout).toContain("weights + hf://owner/repo@main  3.2 MB");
    expect(stdout).toContain('resources.memory: "2Gi" → "4Gi"');
    expect(stdout).toContain("input.c is new and required  breaks callers");
    expect(stdout).toMatch(/= Sum\n/);
    expect(scene.fake.platform.deployments).toHaveLength(1);
    expect(code).toBe(0);
  });

  it("refuses flags that contradict each other, as wrong usage", async () => {
    const { code, stderr } = await chains(["push", "chain.ts", "--watch", "--promote"]);
    expect(stderr).toContain("--watch makes a development deployment, so it does not go with --promote.");
    expect(code).toBe(2);
    const both = await chains(["push", "chain.ts", "--dryrun", "--plan"]);
    expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining("does not go with --plan") });
  });
});

describe("what is deployed", () => {
  beforeEach(async () => {
    await push(scene.source, scene.options());
  });

  it("is shown by chains status", async () => {
    const { stdout } = await chains(["status"]);
    expect(stdout).toMatch(/Sums deployment \w+, serves production/);
    expect(stdout).toMatch(/Sum \(entrypoint\)\s+● active .*\n\s*Add\s+● active/);
    const { chainlets, environments } = JSON.parse((await chains(["status", "--json"])).stdout);
    expect([chainlets.length, environments]).toEqual([2, ["production"]]);
  });

  it("answers chains invoke, as it comes", async () => {
    scene.fake.invoke = (path, body, response) => {
      response.write(`${path.split("/").at(-1)} `);
      response.end(String(JSON.parse(body).values.length));
    };
    expect(await chains(["invoke", "--input", "-"], { input: '{"values": [1, 2]}' })).toMatchObject({
      code: 0,
      stdout: "run_remote 2\n",
    });
  });

  it("tells its logs, the oldest first, of one chainlet or all", async () => {
    const [sum, add] = scene.fake.platform.chainlets;
    sum!.logs.push({ timestamp: "2000000", message: `{"level":"info","msg":"second"}`, replica: null });
    add!.logs.push({ timestamp: "1000000", message: "first", replica: "r1" });
    expect((await chains(["logs"])).stdout).toMatch(/Add first\n.*Sum second\n$/);
    expect((await chains(["logs", "Add"])).stdout).not.toContain("second");
    expect(await chains(["logs", "Nope"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("It has Sum, Add."),
    });
  });

  it("is promoted and deleted, the latter only with a yes", async () => {
    const second = await push(scene.source, scene.options());
    await chains(["promote", "--deployment", second.deploymentId]);
    expect(scene.fake.platform.chains[0]!.environments.get("production")).toBe(second.deploymentId);
    expect(await chains(["delete", "--all"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("Run it with --yes."),
    });
    expect(await chains(["delete", "--all", "--yes"])).toMatchObject({ code: 0 });
    expect(scene.fake.platform.chains).toEqual([]);
  });
});

describe("accounts", () => {
  it("are kept by chains login only when Baseten accepts the key, and never shown", async () => {
    const args = ["login", "--name", "work", "--remote-url", scene.fake.url, "--rest-url", scene.fake.url];
    const refused = await chains(args, { input: "wrong.key" });
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("refuses the API key of the account work"),
    });
    const { stdout, stderr, code } = await chains(args, { input: `${scene.fake.apiKey}\n` });
    expect(stdout).toContain("Logged in to Acme as ada@example.com");
    expect(stdout + stderr).not.toContain(scene.fake.apiKey);
    expect(code).toBe(0);
    expect((await chains(["whoami", "--remote", "work"])).stdout).toBe(
      `ada@example.com in Acme (work, ${scene.fake.url})\n`,
    );
  });
});
