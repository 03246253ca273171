import { once } from "node:events";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { chains, startChains } from "../support/cli.ts";
import { IMPORTS, makeProject } from "../support/project.ts";

const LAZY = `${IMPORTS}
@markEntrypoint() @Chainlet()
export class Lazy extends ChainletBase {
  @endpoint({ input: z.object({ forever: z.boolean().default(false) }), output: z.string() })
  async runRemote({ forever }: { forever: boolean }) {
    console.log("asked");
    if (forever) await new Promise((resolve) => setTimeout(resolve, 600_000));
    const { word } = await import("./word.ts");
    return word;
  }
}
`;

/** A project with a directory for temporary files, which every command is to leave empty. */
async function makeLazyProject() {
  const project = await makeProject({ "chain.ts": LAZY, "word.ts": 'export const word = "later";' });
  const temporary = project.path("tmp");
  await mkdir(temporary);
  const options = { cwd: project.root, env: { TMPDIR: temporary } };
  return { options, leftovers: () => readdir(temporary) };
}

test("a module that is imported while a call is served is found", async () => {
  const { options, leftovers } = await makeLazyProject();
  const { stdout, code } = await chains(["run", "chain.ts", "--input", "{}"], options);
  expect([code, stdout]).toEqual([0, '"later"\n']);
  expect(await leftovers()).toEqual([]);
});

test("Ctrl-C ends a call that takes long, and leaves nothing behind", async () => {
  const { options, leftovers } = await makeLazyProject();
  const running = startChains(["run", "chain.ts", "--input", '{ "forever": true }'], options);
  await running.saw(/asked/);
  const ended = once(running.process, "exit");
  running.process.kill("SIGINT");
  const [, signal] = await ended;
  expect(signal).toBe("SIGINT");
  expect(await leftovers()).toEqual([]);
});

test("code that ends the process gives no result, and fails", async () => {
  for (const ending of ["process.exit(0);", "", "process.exit(7);"]) {
    const { root } = await makeProject({
      "chain.ts": `${IMPORTS}
        ${ending === "" ? "await new Promise(() => {});" : ""}
        @Chainlet() export class Main extends ChainletBase { @endpoint({ output: z.string() }) async runRemote() { ${ending} return ""; } }`,
    });
    const { code, stdout, stderr } = await chains(["run", "chain.ts"], { cwd: root });
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(ending === "" ? /waits for something that never comes/ : /ended the process/);
  }
});

test("commands that are stopped while a source is imported leave nothing behind, and no stack", async () => {
  const project = await makeProject({
    "chain.ts": `${IMPORTS} console.log("importing"); setInterval(() => {}, 1000); await new Promise(() => {});`,
    "tmp/.keep": "",
  });
  const options = { cwd: project.root, env: { TMPDIR: project.path("tmp") } };
  for (const command of ["run", "check", "dev"]) {
    const running = startChains([command, "chain.ts"], options);
    await running.saw(/importing/);
    const ended = once(running.process, "close");
    running.process.kill("SIGINT");
    const [code, signal] = await ended;
    expect([command, code, signal]).toEqual(command === "dev" ? ["dev", 0, null] : [command, null, "SIGINT"]);
    expect(running.stderr()).toBe("importing\n");
    expect(await readdir(project.path("tmp"))).toEqual([".keep"]);
  }
});

test("each chainlet finds the files of its own dataDir, beside the file that declares it", async () => {
  const { root, path } = await makeProject({
    "chain.ts": `${IMPORTS}
      import { Other } from "./lib/other.ts";
      @markEntrypoint() @Chainlet({ remoteConfig: new RemoteConfig({ dockerImage: new DockerImage({ dataDir: "./mine" }) }) })
      export class Main extends ChainletBase {
        constructor(@context() private readonly ctx: DeploymentContext, @depends(Other) private readonly other: Remote<Other>) { super(); }
        @endpoint({ output: z.array(z.string()) }) async runRemote() { return [this.ctx.dataDir!, await this.other.runRemote()]; }
      }`,
    "lib/other.ts": `${IMPORTS}
      @Chainlet({ remoteConfig: new RemoteConfig({ dockerImage: new DockerImage({ dataDir: "data" }) }) })
      export class Other extends ChainletBase {
        constructor(@context() private readonly ctx: DeploymentContext) { super(); }
        @endpoint({ output: z.string() }) async runRemote() { return this.ctx.dataDir!; }
      }`,
    "mine/a.txt": "a",
    "lib/data/b.txt": "b",
  });
  const own = await chains(["run", "chain.ts"], { cwd: root });
  expect(JSON.parse(own.stdout)).toEqual([path("mine"), path("lib/data")]);
  const given = await chains(["run", "chain.ts", "--data-dir", "mine"], { cwd: root });
  expect(JSON.parse(given.stdout)).toEqual([path("mine"), path("mine")]);
});

test("a WebSocket has no result: the error says how to talk to it", async () => {
  const { root } = await makeProject({
    "chain.ts": `${IMPORTS}
      @markEntrypoint() @Chainlet() export class Chat extends ChainletBase {
        @endpoint({ receive: z.string(), send: z.string() }) async runRemote(_socket: any) {}
      }`,
  });
  const { code, stdout, stderr } = await chains(["run", "chain.ts"], { cwd: root });
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain("Chat is a WebSocket");
  expect(stderr).toMatch(/chains dev chain\.ts.*chains invoke/);
});

test("a failure that nobody waits for is the chain's own, with its place and without a stack", async () => {
  const { root } = await makeProject({
    "chain.ts": `${IMPORTS}
@markEntrypoint() @Chainlet() export class Main extends ChainletBase {
  @endpoint({ output: z.string() }) async runRemote() {
    void this.later();
    return new Promise<string>(() => setInterval(() => {}, 1000));
  }
  async later() {
    throw new TypeError("stray");
  }
}`,
  });
  const { code, stdout, stderr } = await chains(["run", "chain.ts"], { cwd: root });
  expect([code, stdout]).toEqual([3, ""]);
  expect(stderr).toContain("Nobody caught TypeError: stray\n  at chain.ts:15\n");
  expect(stderr).not.toMatch(/^\s+at .*node_modules|Node\.js v/m);
});

test("the failure of a dependency is told at the line that waits for it, not at a later one", async () => {
  const project = await makeProject({
    "chain.ts": `${IMPORTS}
@Chainlet() export class Leaf extends ChainletBase {
  @endpoint({ output: z.string() }) async runRemote(): Promise<string> { throw new RangeError("no leaves"); }
}
@markEntrypoint() @Chainlet() export class Root extends ChainletBase {
  constructor(@depends(Leaf) private readonly leaf: Remote<Leaf>) { super(); }
  @endpoint({ output: z.string() }) async runRemote() {
    const text = await this.leaf.runRemote();
    return text.toUpperCase();
  }
}
`,
  });
  const { stderr, code } = await chains(["run", "chain.ts", "--input", "{}"], { cwd: project.root });
  expect(code).toBe(3);
  expect(stderr).toContain("const text = await this.leaf.runRemote();");
  expect(stderr).not.toContain("toUpperCase");
});

describe("a stream", () => {
  const STREAM = `${IMPORTS}
@markEntrypoint() @Chainlet() export class Letters extends ChainletBase {
  @endpoint({ input: z.object({ text: z.string() }), stream: z.instanceof(Uint8Array) })
  async *runRemote({ text }: { text: string }) {
    yield new TextEncoder().encode(text);
    yield new TextEncoder().encode(text.toUpperCase());
  }
}
`;

  test("is printed one item a line, bytes as base64; with --json it is one list", async () => {
    const { root: cwd } = await makeProject({ "chain.ts": STREAM });
    const args = ["run", "chain.ts", "--input", '{ "text": "hé" }'];
    expect((await chains(args, { cwd })).stdout).toBe('"aMOp"\n"SMOJ"\n');
    expect(JSON.parse((await chains([...args, "--json"], { cwd })).stdout)).toEqual(["aMOp", "SMOJ"]);
  });

  test("that fails midway is one document with --json: the error", async () => {
    const source = STREAM.replace("text.toUpperCase()", "(null as any).text");
    const { root: cwd } = await makeProject({ "chain.ts": source });
    const { stdout, code } = await chains(["run", "chain.ts", "--input", '{ "text": "a" }', "--json"], {
      cwd,
    });
    expect([code, JSON.parse(stdout).error.code]).toEqual([3, "REMOTE_ERROR"]);
  });
});

test("source may use `using`, though Node 20 does not know it", async () => {
  const { root: cwd } = await makeProject({
    "chain.ts": `${IMPORTS}
@markEntrypoint() @Chainlet() export class Tidy extends ChainletBase {
  @endpoint({ output: z.string() }) async runRemote() {
    const said: string[] = [];
    {
      using first = { [Symbol.dispose]: () => { said.push("closed"); } };
      await using second = { [Symbol.asyncDispose]: async () => { said.push("ended"); } };
      said.push(typeof first, typeof second);
    }
    return said.join();
  }
}
`,
  });
  const { stdout, stderr } = await chains(["run", "chain.ts"], { cwd });
  expect([stdout, stderr]).toEqual(['"object,object,ended,closed"\n', ""]);
});

test("an input that is missing is told with one that fits", async () => {
  const { root: cwd } = await makeProject({
    "chain.ts": `${IMPORTS}
@markEntrypoint() @Chainlet() export class Hello extends ChainletBase {
  @endpoint({ input: z.object({ names: z.array(z.string()) }), output: z.string() })
  async runRemote({ names }: { names: string[] }) { return names.join(); }
}
`,
  });
  const { stderr, code } = await chains(["run", "chain.ts"], { cwd });
  expect(code).toBe(1);
  expect(stderr).toContain(`--input '{"names":["text"]}'`);
  expect(stderr).toContain("chains graph chain.ts --json");
});

describe("secrets", () => {
  const SECRET = `${IMPORTS}
    @markEntrypoint() @Chainlet({ remoteConfig: new RemoteConfig({ assets: new Assets({ secretKeys: ["token"] }) }) })
    export class Main extends ChainletBase {
      constructor(@context() private readonly ctx: DeploymentContext) { super(); }
      @endpoint({ output: z.string() }) async runRemote() { return this.ctx.secrets.token!; }
    }`;

  test("come from .env, or from the file that is named", async () => {
    const { root } = await makeProject({ "chain.ts": SECRET, ".env": "token=one", "other.env": "token=two" });
    expect((await chains(["run", "chain.ts"], { cwd: root })).stdout).toBe('"one"\n');
    const named = await chains(["run", "chain.ts", "--secrets", "other.env"], { cwd: root });
    expect(named.stdout).toBe('"two"\n');
  });

  test("cannot come from a file that does not exist", async () => {
    const { root } = await makeProject({ "chain.ts": SECRET });
    const { code, stderr } = await chains(["run", "chain.ts", "--secrets", "nope.env"], { cwd: root });
    expect(code).toBe(1);
    expect(stderr).toMatch(/ENV_FILE_INVALID[\s\S]*nope\.env cannot be read[\s\S]*--secrets/);
  });
});

describe("what cannot run here", () => {
  const MIXED = `${IMPORTS}
    @Chainlet() class Whisper extends TrussChainlet({ trussDir: "./whisper", input: z.object({}), output: z.string() }) {}
    @markEntrypoint() @Chainlet() export class Main extends ChainletBase {
      constructor(@depends(Whisper) private readonly whisper: Remote<Whisper>) { super(); }
      @endpoint({ output: z.string() }) async runRemote() { return this.whisper.runRemote({}); }
    }`;
  const files = { "chain.ts": MIXED, "whisper/config.yaml": "model_name: whisper\n" };

  test("is called at the address that is given", async () => {
    const server = createServer((_request, response) => {
      response.setHeader("content-type", "application/json").end('"heard"');
    }).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const { root } = await makeProject(files);
    const service = `Whisper=http://127.0.0.1:${port}`;
    const { stdout, stderr } = await chains(["run", "chain.ts", "--service", service], { cwd: root });
    expect([stdout, stderr]).toEqual(['"heard"\n', ""]);
  });

  test.each(["run", "dev"])(
    "chains %s without an address says how to give it, before anything starts",
    async (command) => {
      const { root } = await makeProject(files);
      const { code, stdout, stderr } = await chains([command, "chain.ts"], { cwd: root });
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr).toContain("✖ Whisper cannot run on this machine, and nothing says where it runs.\n");
      expect(stderr).toContain("→ Give its address: --service Whisper=https://…\n");
      expect(stderr).not.toContain("ready");
    },
  );

  test("an address of nothing is told", async () => {
    const { root } = await makeProject(files);
    const services = ["--service", "Whisper=http://a", "--service", "Wisper=http://b"];
    const { stderr } = await chains(["run", "chain.ts", ...services], { cwd: root });
    expect(stderr).toContain("--service Wisper names no chainlet of the chain that runs elsewhere.");
  });
});

describe("the input", () => {
  test("may begin with a byte order mark", async () => {
    const { options } = await makeLazyProject();
    await writeFile(`${options.cwd}/in.json`, "\uFEFF{}");
    expect((await chains(["run", "chain.ts", "--input", "@in.json"], options)).stdout).toBe('"later"\n');
  });

  test("that is not JSON is not said to miss a schema", async () => {
    const { options } = await makeLazyProject();
    const { code, stderr } = await chains(["run", "chain.ts", "--input", "{x}"], options);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error \[INPUT_NOT_JSON\] Input is not JSON\nThe --input is not JSON: /);
  });
});
