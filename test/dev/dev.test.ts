import { execFile } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { type RunningChains, startChains } from "../support/cli.ts";
import { IMPORTS, makeProject, type Project } from "../support/project.ts";

const chain = (word: string, body = `return "WORD" + process.pid;`): string => `${IMPORTS}
@Chainlet() export class Worker extends ChainletBase {
  @endpoint({ output: z.string() }) async runRemote() { ${body.replace("WORD", word)} }
}
@markEntrypoint() @Chainlet() export class Main extends ChainletBase {
  constructor(@depends(Worker) private readonly worker: Remote<Worker>) { super(); }
  @endpoint({ output: z.array(z.string()) }) async runRemote() { return [String(process.pid), await this.worker.runRemote()]; }
}
`;

interface Dev extends RunningChains {
  readonly url: string;
  call(): Promise<[mainPid: string, worker: string]>;
  /** Calls until the answer of the worker is as wanted. */
  until(wanted: RegExp): Promise<[string, string]>;
}

async function startDev(project: Project, ...args: string[]): Promise<Dev> {
  const running = startChains(["dev", "chain.ts", ...args], { cwd: project.root });
  const url = (await running.saw(/is at (http\S+)/))[1]!;
  const call = async (): Promise<[string, string]> => {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    const body = await response.json();
    if (!response.ok) throw new Error(JSON.stringify(body));
    return body as [string, string];
  };
  return {
    ...running,
    url,
    call,
    until: async (wanted) => {
      for (;;) {
        const answer = await call().catch(() => undefined);
        if (answer && wanted.test(answer[1])) return answer;
        await sleep(20);
      }
    },
  };
}

async function freePort(): Promise<AddressInfo> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return address;
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) await sleep(20);
}

describe("chains dev", () => {
  test("runs each chainlet in a process of its own, and Ctrl-C leaves none behind", async () => {
    const project = await makeProject({ "chain.ts": chain("one ") });
    const dev = await startDev(project, "--no-watch");
    const [main, worker] = await dev.call();
    const pids = [Number(main), Number(worker.replace("one ", ""))];
    expect(new Set(pids).size).toBe(2);
    expect(await dev.stop("SIGINT")).toBe(0);
    expect(pids.filter(isAlive)).toEqual([]);
    expect((await readdir(project.root)).sort()).toEqual(["chain.ts", "node_modules"]);
  });

  test("leaves no process behind when it is killed outright, and what it wrote only until the next time", async () => {
    const project = await makeProject({ "chain.ts": chain("one ") });
    const dev = await startDev(project, "--no-watch");
    const [main, worker] = await dev.call();
    dev.process.kill("SIGKILL");
    await gone(Number(main));
    await gone(Number(worker.replace("one ", "")));

    const session = async () => (await readdir(project.path(".cache/truss-chains"))).join();
    const left = await session();
    await startDev(project, "--no-watch");
    expect(await session()).not.toContain(left);
  });

  test("starts only the chainlets again that a change touches", async () => {
    const project = await makeProject({ "chain.ts": chain("one ") });
    const dev = await startDev(project);
    const [main] = await dev.call();
    await project.write({ "chain.ts": chain("two ") });
    const [mainAfter] = await dev.until(/^two /);
    expect(mainAfter).toBe(main);
  });

  test("keeps the last good chain running while the source does not compile, and says why", async () => {
    const project = await makeProject({ "chain.ts": chain("one ") });
    const dev = await startDev(project);
    const before = await dev.call();
    await project.write({ "chain.ts": chain("two ").replace("super();", "super(;") });
    await dev.saw(/SOURCE_SYNTAX[\s\S]*what ran before goes on/);
    expect(await dev.call()).toEqual(before);
    await project.write({ "chain.ts": chain("three ") });
    await dev.until(/^three /);
  });

  test("notices files that were missing or new when it broke, and data that is imported", async () => {
    const source = `import { word } from "./words/word.ts";\n${chain("", "return word;")}`;
    const project = await makeProject({ "chain.ts": chain("first ") });
    const dev = await startDev(project);
    await dev.until(/^first/);
    await project.write({ "chain.ts": source });
    await dev.saw(/word\.ts" cannot be found/);
    await project.write({ "words/word.ts": "export const word = (" });
    await dev.saw(/word\.ts:1/);
    await project.write({
      "words/word.json": '{ "word": "second" }',
      "words/word.ts": 'import data from "./word.json" with { type: "json" }; export const { word } = data;',
    });
    await dev.until(/^second/);
    await project.write({ "words/word.json": '{ "word": "third" }' });
    await dev.until(/^third/);
  });

  test("starts the chainlets again whose data files or secrets change, and no others", async () => {
    const source = chain("", `return this.words + " " + this.ctx.secrets.token;`)
      .replace(
        "@Chainlet() export class Worker",
        `@Chainlet({ remoteConfig: new RemoteConfig({
        dockerImage: new DockerImage({ dataDir: "./words" }), assets: new Assets({ secretKeys: ["token"] }) }) })
        export class Worker`,
      )
      .replace(
        "extends ChainletBase {",
        `extends ChainletBase {
        words = "";
        constructor(@context() private readonly ctx: DeploymentContext) {
          super();
          this.words = readFileSync(ctx.dataDir + "/deep/word.txt", "utf8");
        }`,
      );
    const project = await makeProject({
      "chain.ts": `import { readFileSync } from "node:fs"; ${source}`,
      "words/deep/word.txt": "one",
      ".env": "token=first",
    });
    const dev = await startDev(project);
    const [main] = await dev.until(/^one first$/);
    await project.write({ "words/deep/word.txt": "two" });
    await dev.until(/^two first$/);
    await project.write({ ".env": "token=second" });
    expect(await dev.until(/^two second$/)).toEqual([main, "two second"]);
  });

  test("an entrypoint that another chainlet becomes takes over the port that is fixed", async () => {
    const { port } = await freePort();
    const source = chain("first ");
    const project = await makeProject({ "chain.ts": source });
    const dev = await startDev(project, "--port", String(port));
    await dev.until(/^first/);
    const outer = `@markEntrypoint() @Chainlet() export class Outer extends ChainletBase {
      constructor(@depends(Main) private readonly main: Remote<Main>) { super(); }
      @endpoint({ output: z.array(z.string()) }) async runRemote() { return ["outer", "around " + (await this.main.runRemote())[1]]; } }`;
    await project.write({ "chain.ts": `${source.replace("@markEntrypoint()", "")}${outer}` });
    await dev.until(/^around first/);
  });

  test("starts a chainlet again that crashes, and shows its last words once", async () => {
    const crash = `if (!(globalThis as any).once) { (globalThis as any).once = true; }
      console.error("these are my last words"); setTimeout(() => process.exit(9)); return "one " + process.pid;`;
    const dev = await startDev(await makeProject({ "chain.ts": chain("one ", crash) }), "--no-watch");
    const [, first] = await dev.call();
    const [text] = await dev.saw(/these are my last words[\s\S]*Worker crashed \(exit code 9\).*\n/);
    expect(text).toContain("next start in 0.25 s");
    expect(text.match(/these are my last words/g)).toHaveLength(1);
    const again = await dev.until(/^one (\d+)$/);
    expect(again[1]).not.toBe(first);
  });

  test("a dependency that dies in the middle of a call is an error for the caller, not an end", async () => {
    const body = `process.kill(process.pid, "SIGKILL"); await new Promise(() => {}); return "";`;
    const dev = await startDev(await makeProject({ "chain.ts": chain("one ", body) }), "--no-watch");
    const response = await fetch(dev.url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    expect(response.status).toBe(500);
    expect(JSON.stringify(await response.json())).toContain("Worker");
  });

  test("a chainlet that code of another file constructs is told, and what to do", async () => {
    const source = chain("one ").replace(
      "return [String(process.pid), await this.worker",
      "return [await help(), await this.worker",
    );
    const project = await makeProject({
      "chain.ts": `import { help } from "./helper.ts"; ${source}`,
      "helper.ts": `import { Worker } from "./chain.ts"; export const help = async () => new Worker().runRemote();`,
    });
    const dev = await startDev(project, "--no-watch");
    await expect(dev.call()).rejects.toThrow(/constructs the chainlet Worker.*@depends\(Worker\)/);
  });

  test("an error names the line of the user's own file, and git does not see the build", async () => {
    const project = await makeProject({
      "package.json": "{}",
      "src/chain.ts": `${IMPORTS}
        import { fail } from "../lib/fail.ts";
        @markEntrypoint() @Chainlet() export class Main extends ChainletBase {
          @endpoint({ output: z.string() }) async runRemote() { return fail(); }
        }`,
      "lib/fail.ts": "export function fail(): string {\n  throw new Error('no luck');\n}\n",
    });
    const dev = startChains(["dev", "src/chain.ts"], { cwd: project.root });
    const [, url] = await dev.saw(/is at (http\S+)/);
    const response = await fetch(url!, { method: "POST", body: "{}" });
    expect(((await response.json()) as any).error.user_stack_trace).toEqual([
      expect.objectContaining({ filename: project.path("src/chain.ts"), name: "Main.runRemote" }),
      { filename: project.path("lib/fail.ts"), lineno: 2, name: "fail", line: "throw new Error('no luck');" },
    ]);
    await promisify(execFile)("git", ["init", "-q"], { cwd: project.root });
    const seen = await promisify(execFile)("git", ["status", "--porcelain", "-uall"], { cwd: project.root });
    expect(seen.stdout).not.toContain(".cache");
    await dev.stop();
    expect(await readdir(project.root)).not.toContain(".cache");
  });

  test("finds packages that are installed where only another package finds them", async () => {
    const project = await makeProject({
      "package.json": "{}",
      "chain.ts": `${IMPORTS} import { fast } from "middle";
        @markEntrypoint() @Chainlet() export class Main extends ChainletBase {
          @endpoint({ output: z.array(z.string()) }) async runRemote() { return ["main", fast]; } }`,
      "node_modules/middle/package.json":
        '{ "name": "middle", "version": "1.0.0", "type": "module", "exports": "./index.js" }',
      "node_modules/middle/index.js": 'export { fast } from "fast";',
      "node_modules/middle/node_modules/fast/package.json":
        '{ "name": "fast", "version": "2.0.0", "type": "module", "exports": "./index.js", "os": ["linux"] }',
      "node_modules/middle/node_modules/fast/index.js": 'export const fast = "compiled";',
    });
    expect(await (await startDev(project, "--no-watch")).call()).toEqual(["main", "compiled"]);
  });

  test("runs CommonJS modules of packages where they are asked for, and what is imported in its order", async () => {
    const project = await makeProject({
      "chain.ts": `import first from "first"; import { second } from "./second.ts"; ${IMPORTS}
        @markEntrypoint() @Chainlet() export class Main extends ChainletBase {
          @endpoint({ output: z.array(z.string()) }) async runRemote() {
            return ["main", [...first.order, first.driver(), first.later().later, second].join(" ")]; } }`,
      "second.ts": `(globalThis as any).order.push("second"); export const second = "end";`,
      "node_modules/first/package.json": '{ "name": "first", "version": "1.0.0" }',
      "node_modules/first/index.js": `
        globalThis.order = ["first"];
        exports.order = globalThis.order;
        exports.driver = () => { try { return require("./native.js"); } catch { return "plain"; } };
        exports.later = () => require("./later.js");`,
      "node_modules/first/native.js": `globalThis.order.push("native"); module.exports = require("not-installed");`,
      "node_modules/first/later.js": `globalThis.order.push("later"); exports.later = globalThis.order.join("+");`,
    });
    const dev = await startDev(project, "--no-watch");
    expect(await dev.call()).toEqual(["main", "first second plain first+second+native+later end"]);
  });

  test("a chainlet whose constructor fails is told with its parameter's place", async () => {
    const source = chain("one ").replace("super(); }", "super(); throw new Error('no model file'); }");
    const project = await makeProject({ "chain.ts": source });
    const running = startChains(["dev", "chain.ts", "--no-watch"], { cwd: project.root });
    await running.saw(/Main crashed[\s\S]*no model file/);
    await running.saw(/Main has not started, and will be at http/);
    expect(await running.stop()).toBe(0);
  });

  test("mounts secrets as files that only this user can read, and removes them", async () => {
    const project = await makeProject({
      ".env": "token=s3cret-value\n",
      "chain.ts": `${IMPORTS}
        import { statSync } from "node:fs";
        @markEntrypoint() @Chainlet({ remoteConfig: new RemoteConfig({ assets: new Assets({ secretKeys: ["token"] }) }) })
        export class Main extends ChainletBase {
          constructor(@context() private readonly ctx: DeploymentContext) { super(); }
          @endpoint({ output: z.array(z.string()) }) async runRemote() {
            const file = process.env.CHAINS_SECRETS_DIR + "/token";
            return [file, this.ctx.secrets.token! + " " + (statSync(file).mode & 0o777).toString(8)]; } }`,
    });
    const dev = await startDev(project, "--no-watch");
    const [file, seen] = await dev.call();
    expect(seen).toBe("s3cret-value 600");
    await dev.stop();
    await expect(readFile(file)).rejects.toThrow("ENOENT");
    expect(dev.stdout() + dev.stderr()).not.toContain("s3cret-value");
  });
});
