import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { chains } from "../support/cli.ts";
import { IMPORTS, makeProject } from "../support/project.ts";

const HELLO = `${IMPORTS}
@markEntrypoint() @Chainlet()
export class Hello extends ChainletBase {
  @endpoint({ input: z.object({ name: z.string(), times: z.int().default(1) }), output: z.string() })
  async runRemote({ name, times }: { name: string; times: number }) {
    console.log("working on it");
    if (name === "nobody") throw new Error("nobody is there");
    return Array(times).fill("Hello " + name).join(" ");
  }
}
`;

/** What every failure has to be: short, without a stack, and with something to do. */
function expectPlainFailure(stderr: string): void {
  expect(stderr).toMatch(/^error \[[A-Z_]+\] /m);
  expect(stderr).not.toMatch(/^\s+at .*\(.*:\d+:\d+\)$/m);
  expect(stderr).toMatch(/Try:|→/);
}

describe("wrong usage exits with 2", () => {
  test.each([
    [["frobnicate"]],
    [["run"]],
    [["build", "chain.ts"]],
    [["run", "chain.ts", "--bogus"]],
    [["dev", "x.ts", "--port", "abc"]],
  ])("chains %j", async (args) => {
    const { code, stdout, stderr } = await chains(args);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain("error:");
  });

  test.each([[["--json"]], [["weights", "--json"]], [["run", "--json"]]])(
    "chains %j tells machines what is wrong, and where to read on",
    async (args) => {
      const { code, stdout } = await chains(args);
      const { error } = JSON.parse(stdout);
      expect([code, error.code]).toEqual([2, "USAGE"]);
      expect(error.message).toMatch(/^\w[\w ]+/);
      expect(error.fix).toContain("--help");
    },
  );

  test("an API key that is empty is said to be", async () => {
    const { code, stderr } = await chains(["login"], { input: "\n" });
    expect(code).toBe(2);
    expect(stderr).toContain("The key is empty.\nTry: Pipe it: echo $KEY | chains login.");
  });

  test("and tells machines as JSON", async () => {
    const { code, stdout } = await chains(["build", "chain.ts", "--json"]);
    expect(code).toBe(2);
    expect(JSON.parse(stdout).error.code).toBe("USAGE");
  });
});

describe("a wrong input exits with 1 and says what to do", () => {
  test.each([
    ["a source that does not exist", ["run", "none.ts"], "SOURCE_NOT_FOUND"],
    ["a source that does not parse", ["run", "broken.ts"], "SOURCE_SYNTAX"],
    ["a source that throws on import", ["run", "throws.ts"], "SOURCE_THROWS"],
    ["a missing package", ["run", "missing.ts"], "SOURCE_IMPORT_MISSING"],
    ["no chainlet", ["run", "empty.ts"], "SOURCE_NO_CHAINLETS"],
    ["two chainlets of one name", ["run", "twins.ts", "Main"], "CHAIN_INVALID"],
    ["input that is not JSON", ["run", "chain.ts", "--input", "{oops"], "INPUT_NOT_JSON"],
    ["input that does not fit", ["run", "chain.ts", "--input", '{"name": 3}'], "INPUT_INVALID"],
    ["an input file that is not there", ["run", "chain.ts", "--input", "@none.json"], "FILE_NOT_FOUND"],
    ["an output directory that is a file", ["build", "chain.ts", "--out", "empty.ts"], "OUTPUT_INVALID"],
    ["an output directory with the source in it", ["build", "chain.ts", "--out", "."], "OUTPUT_INVALID"],
    ["weights of what does not exist", ["weights", "plan", "nothing"], "FILE_NOT_FOUND"],
    ["weights of a directory that is no truss", ["weights", "plan", "node_modules"], "FILE_NOT_FOUND"],
    ["a project where files are in the way", ["init", ".", "--yes", "--no-install"], "OUTPUT_INVALID"],
  ])("%s", async (_, args, expected) => {
    const project = await makeProject({
      "chain.ts": HELLO,
      "broken.ts": "export class {",
      "throws.ts": "throw new Error('no luck');",
      "missing.ts": "import x from 'no-such-package'; console.log(x);",
      "empty.ts": "export const nothing = 1;",
      "other.ts": `${IMPORTS} @Chainlet() export class Twin extends ChainletBase { @endpoint() async runRemote() {} }`,
      "twins.ts": `${IMPORTS} import { Twin as Other } from "./other.ts";
        @Chainlet() export class Twin extends ChainletBase { @endpoint() async runRemote() {} }
        @Chainlet() export class Main extends ChainletBase {
          constructor(@depends(Twin) readonly a: Remote<Twin>, @depends(Other) readonly b: Remote<Other>) { super(); }
          @endpoint() async runRemote() {} }`,
    });
    const before = (await readdir(project.root, { recursive: true })).sort();
    const { code, stdout, stderr } = await chains(args, { cwd: project.root });
    expect(code, stderr).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toContain(expected);
    expectPlainFailure(stderr);
    const told = await chains([...args, "--json"], { cwd: project.root });
    expect(JSON.parse(told.stdout).error.code).toBe(expected);
    expect((await readdir(project.root, { recursive: true })).sort()).toEqual(before);
    expect(await readFile(project.path("chain.ts"), "utf8")).toBe(HELLO);
  });

  test("an error of the chain's own code names its file and line", async () => {
    const project = await makeProject({ "chain.ts": HELLO });
    const { code, stderr } = await chains(["run", "chain.ts", "--input", '{"name": "nobody"}'], {
      cwd: project.root,
    });
    expect(code).not.toBe(0);
    expect(stderr).toContain("nobody is there");
    expect(stderr).toMatch(/chain\.ts", line 14/);
  });

  test("a port in use", async () => {
    const project = await makeProject({ "chain.ts": HELLO });
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    const { code, stderr } = await chains(["dev", "chain.ts", "--port", String(port)], { cwd: project.root });
    server.close();
    expect(code).toBe(1);
    expect(stderr).toContain(`Port ${port} is in use`);
    expectPlainFailure(stderr);
  });
});

test("a new project is made where there is no npm, and the rest is said", async () => {
  const project = await makeProject({});
  const options = { cwd: project.root, env: { PATH: project.root } };
  const { code, stderr } = await chains(["init", "mine", "--yes"], options);
  expect(code).toBe(3);
  expect(stderr).toContain("npm install could not be started: there is no npm.");
  expectPlainFailure(stderr);
  expect(await readdir(project.path("mine"))).toContain("chain.ts");
});

describe("chains run", () => {
  test("prints the result as JSON on stdout and nothing else; what the chain prints goes to stderr", async () => {
    const project = await makeProject({ "chain.ts": HELLO });
    const { code, stdout, stderr } = await chains(["run", "chain.ts", "--input", '{"name": "you"}'], {
      cwd: project.root,
    });
    expect(code).toBe(0);
    expect(stdout).toBe('"Hello you"\n');
    expect(stderr).toContain("working on it");
  });

  test("takes its input from a file or from standard input", async () => {
    const project = await makeProject({ "chain.ts": HELLO, "request.json": '{"name": "file", "times": 2}' });
    const file = await chains(["run", "chain.ts", "--input", "@request.json"], { cwd: project.root });
    expect(file.stdout).toBe('"Hello file Hello file"\n');
    const stdin = await chains(["run", "chain.ts", "--input", "-"], {
      cwd: project.root,
      input: '{"name": "pipe"}',
    });
    expect(stdin.stdout).toBe('"Hello pipe"\n');
  });

  test("prints a stream one item a line", async () => {
    const project = await makeProject({
      "chain.ts": `${IMPORTS}
        @markEntrypoint() @Chainlet() export class Count extends ChainletBase {
          @endpoint({ stream: z.object({ n: z.int() }) }) async *runRemote() { for (const n of [1, 2, 3]) yield { n }; } }`,
    });
    const { stdout } = await chains(["run", "chain.ts"], { cwd: project.root });
    expect(stdout).toBe('{"n":1}\n{"n":2}\n{"n":3}\n');
  });

  test("gives the chain its secrets, by the names that it declares, from .env and the environment", async () => {
    const project = await makeProject({
      ".env": "api_token=from-file\nother=never-read\n",
      "chain.ts": `${IMPORTS}
        @markEntrypoint() @Chainlet({ remoteConfig: new RemoteConfig({ assets: new Assets({ secretKeys: ["api_token", "second"] }) }) })
        export class Main extends ChainletBase {
          constructor(@context() private readonly ctx: DeploymentContext) { super(); }
          @endpoint({ output: z.array(z.string()) }) async runRemote() { return [this.ctx.secrets.api_token!, this.ctx.secrets.second!]; } }`,
    });
    const env = { second: "from-environment" };
    const { stdout } = await chains(["run", "chain.ts"], { cwd: project.root, env });
    expect(JSON.parse(stdout)).toEqual(["from-file", "from-environment"]);
    const { code, stderr } = await chains(["run", "chain.ts"], { cwd: project.root });
    expect(code).not.toBe(0);
    expect(stderr).toContain("second");
    expect(stderr).not.toContain("from-file");
  });
});

test("--help shows examples for every command", async () => {
  for (const command of ["init", "check", "graph", "run", "dev", "build"]) {
    const { code, stdout } = await chains([command, "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain("Examples:");
    expect(stdout).toContain(`$ chains ${command}`);
  }
});

test("no colour reaches a pipe, also with --verbose", async () => {
  const { stderr } = await chains(["check", "none.ts", "--verbose"], { env: { NO_COLOR: "" } });
  expect(stderr).not.toContain("\u001b[");
});

describe("chains graph", () => {
  test("leaves the hardware of a truss to its config.yaml", async () => {
    const project = await makeProject({
      "chain.ts": `${IMPORTS}
        @Chainlet() class Whisper extends TrussChainlet({ trussDir: "./whisper", input: z.object({}), output: z.string() }) {}
        @markEntrypoint() @Chainlet() export class Main extends ChainletBase {
          constructor(@depends(Whisper) private readonly whisper: Remote<Whisper>) { super(); }
          @endpoint() async runRemote() {}
        }`,
      "whisper/config.yaml": "resources:\n  accelerator: L4\n",
    });
    const { stdout } = await chains(["graph", "chain.ts"], { cwd: project.root });
    expect(stdout).toBe("Main\n└─ Main  1 cpu, 2Gi\n   └─ Whisper  truss\n");
  });

  const CHAIN = `${IMPORTS}
    @Chainlet() export class A extends ChainletBase { @endpoint() async runRemote() {} }
    @Chainlet() export class B extends ChainletBase {
      constructor(@depends(A) readonly a: Remote<A>) { super(); } @endpoint() async runRemote() {} }
    @markEntrypoint("The chain") @Chainlet() export class Main extends ChainletBase {
      constructor(@depends(A) readonly a: Remote<A>, @depends(B) readonly b: Remote<B>) { super(); } @endpoint() async runRemote() {} }`;

  test.each(["text", "mermaid", "dot"])("as %s", async (format) => {
    const project = await makeProject({ "chain.ts": CHAIN });
    const { stdout } = await chains(["graph", "chain.ts", "--format", format], { cwd: project.root });
    expect(stdout).toMatchSnapshot();
  });

  test("as JSON for machines", async () => {
    const project = await makeProject({ "chain.ts": CHAIN });
    const { stdout } = await chains(["graph", "chain.ts", "--json"], { cwd: project.root });
    expect(JSON.parse(stdout).nodes.map((node: { name: string }) => node.name)).toEqual(["A", "B", "Main"]);
  });
});
