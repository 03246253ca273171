import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { createRequire, SourceMap } from "node:module";
import { dirname, join } from "node:path";
import { buildChain } from "@truss-chains/compiler";
import { discoverChain } from "@truss-chains/compiler/discover";
import { ChainsError } from "@truss-chains/errors";
import { describe, expect, test } from "vitest";
import { IMPORTS, makeProject, type Project } from "../support/project.ts";

async function build(project: Project, out = project.path("build")): Promise<string> {
  await buildChain(await discoverChain(project.path("chain.ts")), out);
  return out;
}

const readText = (...path: string[]): Promise<string> => readFile(join(...path), "utf8");

async function tree(root: string): Promise<Record<string, string>> {
  const names = await readdir(root, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    await Promise.all(files.sort().map(async (file) => [file.slice(root.length + 1), await readText(file)])),
  );
}

const chainOf = (...chainlets: string[]): string => `${IMPORTS}\n${chainlets.join("\n")}`;

const GREETER = `
@Chainlet({ remoteConfig: new RemoteConfig({ compute: new Compute({ memory: "512Mi" }), assets: new Assets({ secretKeys: ["token"] }) }) })
export class Greeter extends ChainletBase {
  @endpoint({ input: z.object({ name: z.string() }), output: z.string() })
  async runRemote({ name }: { name: string }) { return "the greeter's secret recipe " + name; }
}`;

const HELLO = `
@markEntrypoint("My chain") @Chainlet()
export class Hello extends ChainletBase {
  constructor(@depends(Greeter, { retries: 2, timeoutSec: 4.5 }) private readonly greeter: Remote<Greeter>) { super(); }
  @endpoint({ output: z.string() }) async runRemote() { return "said by hello: " + (await this.greeter.runRemote({ name: "you" })); }
}`;

/** The files of a chainlet that brings nothing else along. */
const SERVER = [
  "config.yaml",
  ...[
    "cache-code.mjs",
    "opentelemetry-api.cjs",
    "pino.cjs",
    "prom-client.cjs",
    "runtime.js",
    "runtime.mjs",
    "undici.cjs",
    "ws.cjs",
    "zod.cjs",
  ].map((name) => `data/server-runtime/${name}`),
  "data/server.mjs",
  "data/server.mjs.map",
];

describe("chains build", () => {
  test("emits a truss directory per chainlet and chain.json", async () => {
    const out = await build(await makeProject({ "chain.ts": chainOf(GREETER, HELLO) }));
    expect(Object.keys(await tree(out))).toEqual([
      ...SERVER.map((file) => `Greeter/${file}`),
      ...SERVER.map((file) => `Hello/${file}`),
      "chain.json",
    ]);
    expect(await readText(out, "Hello/config.yaml")).toMatchInlineSnapshot(`
      "# yaml-language-server: $schema=https://raw.githubusercontent.com/basetenlabs/truss/main/truss/config.schema.json
      base_image:
        image: node:24-bookworm
      build_commands:
      - node /app/data/server-runtime/cache-code.mjs
      docker_server:
        liveness_endpoint: /live
        predict_endpoint: /predict
        readiness_endpoint: /ready
        server_port: 8000
        start_command: sh -c "exec node /app/data/server.mjs"
      model_metadata:
        chains_metadata:
          chainlet_to_service:
            Greeter:
              display_name: Greeter
              name: Greeter
              options:
                concurrency_limit: 300
                retries: 2
                timeout_sec: 4.5
                use_binary: false
      model_name: Hello
      python_version: py313
      resources:
        accelerator: null
        cpu: '1'
        memory: 2Gi
        use_gpu: false
      secrets:
        baseten_chain_api_key: '***'
      "
    `);
    const manifest = JSON.parse(await readText(out, "chain.json"));
    expect(manifest).toMatchObject({ name: "My chain", entrypoint: "Hello" });
    expect(manifest.edges).toEqual([
      {
        from: "Hello",
        to: "Greeter",
        options: { retries: 2, timeout_sec: 4.5, use_binary: false, concurrency_limit: 300 },
      },
    ]);
  });

  test("gives the same bytes twice, wherever it is built to", async () => {
    const project = await makeProject({ "chain.ts": chainOf(GREETER, HELLO) });
    const [first, second] = [
      await build(project, project.path("a")),
      await build(project, project.path("b/c")),
    ];
    expect(await tree(second)).toEqual(await tree(first));
  });

  test("the source map of a server names the user's files, and holds their text for error reports", async () => {
    const source = chainOf(GREETER, HELLO);
    const project = await makeProject({ "chain.ts": source });
    const map = JSON.parse(await readText(await build(project), "Greeter/data/server.mjs.map"));
    const own = map.sources.indexOf("chain.ts");
    expect(map.sourcesContent[own]).toBe(source);
    expect(
      map.sources.filter((_: string, index: number) => map.sourcesContent[index] !== null),
    ).not.toContainEqual(expect.stringContaining("node_modules"));
  });

  test("what fails while a server waits for it is told at its own line, not at that of a later use", async () => {
    const source = chainOf(
      GREETER,
      `@markEntrypoint() @Chainlet() export class Hello extends ChainletBase {
        constructor(@depends(Greeter) private readonly greeter: Remote<Greeter>) { super(); }
        @endpoint({ output: z.string() }) async runRemote() {
          const greetings = await Promise.all([this.greeter.runRemote({ name: "you" })]);
          return greetings.join();
        }
      }`,
    );
    const project = await makeProject({ "chain.ts": source });
    const truss = join(await build(project), "Hello/data");
    const lines = (await readText(truss, "server.mjs")).split("\n");
    const map = new SourceMap(JSON.parse(await readText(truss, "server.mjs.map")));
    const line = lines.findIndex((text) => text.includes("await Promise.all([this.greeter"));
    const place = map.findEntry(line, lines[line]!.indexOf("await Promise.all([this.greeter"));
    const told = "originalLine" in place ? source.split("\n")[place.originalLine] : undefined;
    expect(told).toContain("const greetings = await");
  });

  test("names no directory of this machine in what it emits", async () => {
    const project = await makeProject({ "chain.ts": chainOf(GREETER, HELLO) });
    for (const [path, text] of Object.entries(await tree(await build(project)))) {
      expect(text.includes(project.root), path).toBe(false);
    }
  });

  test("modules and packages run in the order of their imports, for every chainlet that shares them", async () => {
    const project = await makeProject({
      "node_modules/second/package.json": `{ "name": "second", "version": "1.0.0", "type": "module", "exports": "./index.js" }`,
      "node_modules/second/index.js": `globalThis.order = globalThis.order + " second";`,
      "node_modules/common/package.json": `{ "name": "common", "version": "1.0.0", "main": "./index.js" }`,
      "node_modules/common/index.js": `exports.fourth = " fourth"; globalThis.order = globalThis.order + exports.fourth;`,
      "first.ts": `(globalThis as any).order = "first";`,
      "third.ts": `(globalThis as any).order = (globalThis as any).order + " third";`,
      "chain.ts": `import "./first.ts";
        import "second";
        import "./third.ts";
        import { fourth } from "common";
        ${IMPORTS}
        console.log((globalThis as any).order, fourth);
        @Chainlet() export class Leaf extends ChainletBase {
          @endpoint({ output: z.string() }) async runRemote() { return fourth; } }
        @markEntrypoint() @Chainlet() export class Root extends ChainletBase {
          constructor(@depends(Leaf) private readonly leaf: Remote<Leaf>) { super(); }
          @endpoint({ output: z.string() }) async runRemote() { return this.leaf.runRemote(); } }`,
    });
    const out = await build(project);
    for (const name of ["Leaf", "Root"]) {
      const server = await readText(out, name, "data/server.mjs");
      const places = ["`first`", "` second`", "` third`", "` fourth`"].map((text) => server.indexOf(text));
      expect(
        places.every((place) => place > 0),
        name,
      ).toBe(true);
      expect(places, name).toEqual([...places].sort((a, b) => a - b));
    }
  });

  test("a bundle holds its own chainlet's code only", async () => {
    const out = await build(await makeProject({ "chain.ts": chainOf(GREETER, HELLO) }));
    const [greeter, hello] = [
      await readText(out, "Greeter/data/server.mjs"),
      await readText(out, "Hello/data/server.mjs"),
    ];
    expect(greeter).toContain("secret recipe");
    expect(greeter).not.toContain("said by hello");
    expect(hello).toContain("said by hello");
    expect(hello).not.toContain("secret recipe");
  });

  test("the static members of a chainlet that others use come along, and what only its own code uses does not", async () => {
    const project = await makeProject({
      "heavy.ts": `export const heavy = () => "heavy model";`,
      "chain.ts": `${IMPORTS} import { heavy } from "./heavy.ts";
        @Chainlet() export class Leaf extends ChainletBase {
          static readonly model = heavy();
          static readonly Query = z.object({ query: z.string().max(Leaf.#limit()) });
          static language: string;
          static { Leaf.language = "set in a block"; }
          static #limit() { return 1234; }
          static shout(text: string) { return text.toUpperCase() + "!!!"; }
          static own() { return heavy() + "for itself"; }
          @endpoint({ input: Leaf.Query, output: z.string() }) async runRemote() { return Leaf.model + Leaf.own(); } }
        @markEntrypoint() @Chainlet() export class Main extends ChainletBase {
          constructor(@depends(Leaf) private readonly leaf: Remote<Leaf>) { super(); }
          @endpoint({ input: Leaf.Query, output: z.string() }) async runRemote(query: { query: string }) {
            const { language } = Leaf;
            return language + Leaf.shout(await this.leaf.runRemote(query)); } }`,
    });
    const out = await build(project);
    const main = await readText(out, "Main/data/server.mjs");
    for (const kept of ["1234", "!!!", "set in a block"]) expect(main).toContain(kept);
    expect(main).not.toContain("heavy model");
    expect(await readText(out, "Leaf/data/server.mjs")).toContain("for itself");
  });

  test("static members that a chainlet has from the classes that it extends come along, too", async () => {
    const project = await makeProject({
      "base.ts": `${IMPORTS}
        export abstract class Base extends ChainletBase { static readonly Query = z.object({ query: z.string().max(1234) }); }
        export abstract class Unused extends ChainletBase { protected word() { return "of no use"; } }`,
      "chain.ts": `${IMPORTS} import { Base, Unused } from "./base.ts";
        abstract class Between extends Base {}
        @Chainlet() export class Leaf extends Between {
          @endpoint({ input: Base.Query, output: z.string() }) async runRemote({ query }: { query: string }) { return query; } }
        @Chainlet() export class Other extends Unused { @endpoint({ output: z.string() }) async runRemote() { return this.word(); } }
        @markEntrypoint() @Chainlet() export class Main extends ChainletBase {
          constructor(@depends(Leaf) private readonly leaf: Remote<Leaf>, @depends(Other) private readonly other: Remote<Other>) { super(); }
          @endpoint({ output: z.string() }) async runRemote() {
            return await this.other.runRemote() + await this.leaf.runRemote(Leaf.Query.parse({ query: "" })); } }`,
    });
    const main = await readText(await build(project), "Main/data/server.mjs");
    expect(main).toContain("1234");
    expect(main).not.toContain("of no use");
  });

  test("a chainlet keeps the code of the chainlets that it extends", async () => {
    const out = await build(
      await makeProject({
        "base.ts": `${IMPORTS}
          @Chainlet() export class Base extends ChainletBase {
            protected word() { return "inherited word"; }
            @endpoint({ output: z.string() }) async runRemote() { return this.word(); } }`,
        "chain.ts": `${IMPORTS} import { Base } from "./base.ts";
          @markEntrypoint() @Chainlet() export class Derived extends Base {}`,
      }),
    );
    expect(await readText(out, "Derived/data/server.mjs")).toContain("inherited word");
  });

  test("a chainlet may have any class name that TypeScript allows", async () => {
    const names = ["Café", "日本", "$", "constructor"];
    const chainlets = names.map(
      (name, index) => `@Chainlet({ remoteConfig: new RemoteConfig({ name: "chainlet-${index}" }) })
        export class ${name} extends ChainletBase { @endpoint() async runRemote() { return this.say("I am ${index}"); } say(_: string) {} }`,
    );
    const parameters = names.map((name, index) => `@depends(${name}) readonly c${index}: Remote<${name}>`);
    const main = `@markEntrypoint() @Chainlet()
      export class Main extends ChainletBase { constructor(${parameters}) { super(); } @endpoint() async runRemote() {} }`;
    const out = await build(await makeProject({ "chain.ts": chainOf(...chainlets, main) }));
    for (const [index, name] of names.entries()) {
      expect(await readText(out, name, "data", "server.mjs")).toContain(`I am ${index}`);
    }
  });

  test("a chainlet that is not exported, or the default export, is bundled as well", async () => {
    const out = await build(
      await makeProject({
        "hidden.ts": `${IMPORTS}
          @Chainlet() class Hidden extends ChainletBase { @endpoint({ output: z.string() }) async runRemote() { return "hidden"; } }
          export const list = [Hidden];`,
        "chain.ts": `${IMPORTS} import { list } from "./hidden.ts";
          @markEntrypoint() @Chainlet() export default class Main extends ChainletBase {
            constructor(@depends(list[0]!) private readonly hidden: Remote<any>) { super(); }
            @endpoint() async runRemote() { await this.hidden.runRemote(); } }`,
      }),
    );
    expect(Object.keys(await tree(out))).toContain("Hidden/data/server.mjs");
    expect(Object.keys(await tree(out))).toContain("Main/data/server.mjs");
  });
});

describe("native packages", () => {
  async function withNative(): Promise<Project> {
    const project = await makeProject({
      "package-lock.json": JSON.stringify({
        packages: {
          "node_modules/fast-math": {
            version: "1.2.3",
            integrity: "sha512-main",
            optionalDependencies: { "fast-math-linux": "1.2.3", "fast-math-windows": "1.2.3" },
          },
          "node_modules/fast-math-linux": {
            version: "1.2.3",
            integrity: "sha512-linux",
            os: ["linux"],
            cpu: ["x64"],
            optional: true,
          },
          "node_modules/fast-math-windows": {
            version: "1.2.3",
            integrity: "sha512-win",
            os: ["win32"],
            cpu: ["x64"],
            optional: true,
          },
          "node_modules/tiny": { version: "3.0.0", integrity: "sha512-tiny" },
        },
      }),
      "node_modules/fast-math/package.json": JSON.stringify({
        name: "fast-math",
        version: "1.2.3",
        type: "module",
        exports: "./index.js",
        dependencies: { tiny: "^3.0.0" },
        optionalDependencies: { "fast-math-linux": "1.2.3", "fast-math-windows": "1.2.3" },
      }),
      "node_modules/fast-math/index.js": "export const native = 'code of the native package';",
      "node_modules/fast-math-linux/package.json": JSON.stringify({
        name: "fast-math-linux",
        version: "1.2.3",
        os: ["linux"],
        cpu: ["x64"],
      }),
      "node_modules/tiny/package.json": JSON.stringify({ name: "tiny", version: "3.0.0" }),
      "node_modules/plain/package.json": JSON.stringify({
        name: "plain",
        version: "1.0.0",
        type: "module",
        exports: "./index.js",
      }),
      "node_modules/plain/index.js": "export const plain = 'code of the plain package';",
      "chain.ts": `${IMPORTS}
        import { native } from "fast-math";
        import { plain } from "plain";
        @Chainlet() export class Heavy extends ChainletBase { @endpoint({ output: z.string() }) async runRemote() { return native + plain; } }
        @markEntrypoint() @Chainlet() export class Light extends ChainletBase {
          constructor(@depends(Heavy) private readonly heavy: Remote<Heavy>) { super(); }
          @endpoint({ output: z.string() }) async runRemote() { return this.heavy.runRemote(); } }`,
    });
    return project;
  }

  test("stay outside of the bundle, are installed in their exact versions, and burden no other chainlet", async () => {
    const out = await build(await withNative());
    const heavy = await readText(out, "Heavy/data/server.mjs");
    expect(heavy).toContain("code of the plain package");
    expect(heavy).not.toContain("code of the native package");
    expect(JSON.parse(await readText(out, "Heavy/data/package.json")).dependencies).toEqual({
      "fast-math": "1.2.3",
    });
    const lock = JSON.parse(await readText(out, "Heavy/data/package-lock.json"));
    expect(Object.keys(lock.packages)).toEqual([
      "",
      "node_modules/fast-math",
      "node_modules/fast-math-linux",
      "node_modules/fast-math-windows",
      "node_modules/tiny",
    ]);
    expect(lock.packages["node_modules/fast-math-windows"]).toMatchObject({
      integrity: "sha512-win",
      os: ["win32"],
      optional: true,
    });
    expect(await readText(out, "Heavy/config.yaml")).toContain("npm ci --prefix /app/data");

    const files = Object.keys(await tree(out)).filter((path) => path.startsWith("Light/"));
    expect(files).toEqual(SERVER.map((file) => `Light/${file}`));
    const light = await readText(out, "Light/data/server.mjs");
    expect(light).not.toContain("fast-math");
    expect(light).not.toContain("code of the plain package");
  });

  test("that are installed under another name are installed and imported under it", async () => {
    const project = await makeProject({
      "chain.ts": `${IMPORTS} import { fast } from "quick";
        @markEntrypoint() @Chainlet() export class Main extends ChainletBase {
          @endpoint({ output: z.string() }) async runRemote() { return fast; } }`,
      "node_modules/quick/package.json":
        '{ "name": "@maker/fast", "version": "2.0.0", "type": "module", "exports": "./index.js", "os": ["linux"] }',
      "node_modules/quick/index.js": 'export const fast = "fast";',
    });
    const out = await build(project);
    expect(JSON.parse(await readText(out, "Main/data/package.json")).dependencies).toEqual({
      quick: "npm:@maker/fast@2.0.0",
    });
    expect(JSON.parse(await readText(out, "Main/data/package-lock.json")).packages).toMatchObject({
      "": { dependencies: { quick: "npm:@maker/fast@2.0.0" } },
      "node_modules/quick": { name: "@maker/fast", version: "2.0.0" },
    });
    expect(await readText(out, "Main/data/server.mjs")).toContain("quick");
  });

  test("are found where only the package that needs them finds them, with all that they need", async () => {
    const project = await makeProject({
      "chain.ts": `${IMPORTS} import { fast } from "middle";
        @markEntrypoint() @Chainlet() export class Main extends ChainletBase {
          @endpoint({ output: z.string() }) async runRemote() { return fast; } }`,
      "store/middle/node_modules/middle/package.json":
        '{ "name": "middle", "version": "1.0.0", "type": "module", "exports": "./index.js" }',
      "store/middle/node_modules/middle/index.js": 'export { fast } from "fast";',
      "store/fast/node_modules/fast/package.json":
        '{ "name": "fast", "version": "2.0.0", "type": "module", "exports": "./index.js", "os": ["linux"], "dependencies": { "tiny": "^3.0.0" } }',
      "store/fast/node_modules/fast/index.js": 'export const fast = "fast";',
      "store/fast/node_modules/tiny/package.json": '{ "name": "tiny", "version": "3.0.0" }',
    });
    await symlink(
      project.path("store/fast/node_modules/fast"),
      project.path("store/middle/node_modules/fast"),
    );
    await symlink(project.path("store/middle/node_modules/middle"), project.path("node_modules/middle"));
    const out = await build(project);
    const lock = JSON.parse(await readText(out, "Main/data/package-lock.json"));
    expect(lock.packages).toMatchObject({
      "node_modules/fast": { version: "2.0.0", os: ["linux"], dependencies: { tiny: "^3.0.0" } },
      "node_modules/tiny": { version: "3.0.0" },
    });
  });

  test("so do packages that ask where they are, wherever they are imported, and no others", async () => {
    const manifest = (name: string, more = {}) => JSON.stringify({ name, version: "1.2.3", ...more });
    const project = await makeProject({
      "node_modules/reads-asset/package.json": manifest("reads-asset"),
      "node_modules/reads-asset/index.js": `module.exports = require("./inner.js");`,
      "node_modules/reads-asset/inner.js": `module.exports = require("node:path").join(__dirname, "model.bin");`,
      "node_modules/starts-thread/package.json": manifest("starts-thread", {
        type: "module",
        exports: "./index.js",
      }),
      "node_modules/starts-thread/index.js": `export const file = new URL("./worker.js", import.meta.url).href;`,
      "node_modules/guards/package.json": manifest("guards"),
      "node_modules/guards/index.js": `exports.self = typeof __filename !== "undefined" ? __filename : undefined;`,
      "node_modules/middle/package.json": manifest("middle", { type: "module", exports: "./index.js" }),
      "node_modules/middle/index.js": `export { file } from "starts-thread"; export const unused = () => import.meta.url;`,
      "own.cjs": `exports.place = __dirname;`,
      "chain.ts": `${IMPORTS}
        import asset from "reads-asset"; import { file } from "middle"; import { self } from "guards"; import { place } from "./own.cjs";
        @markEntrypoint() @Chainlet() export class Reader extends ChainletBase {
          @endpoint({ output: z.string() }) async runRemote() { return asset + file + self + place; } }`,
    });
    const out = await build(project);
    expect(JSON.parse(await readText(out, "Reader/data/package.json")).dependencies).toEqual({
      "reads-asset": "1.2.3",
      "starts-thread": "1.2.3",
    });
    expect(await readText(out, "Reader/data/server.mjs")).not.toMatch(/__(?:dir|file)name/);
  });

  test("that are needed in two versions are told, with what needs them, unless one of those stays outside too", async () => {
    const native = (version: string) =>
      JSON.stringify({ name: "fast", version, type: "module", exports: "./index.js", os: ["linux"] });
    const source = (options: string) => `${IMPORTS} import { fast } from "fast"; import { old } from "middle";
        @markEntrypoint() @Chainlet(${options}) export class Main extends ChainletBase {
          @endpoint({ output: z.string() }) async runRemote() { return fast + old; } }`;
    const project = await makeProject({
      "chain.ts": source(""),
      "node_modules/fast/package.json": native("2.0.0"),
      "node_modules/fast/index.js": 'export const fast = "2";',
      "node_modules/middle/package.json":
        '{ "name": "middle", "version": "1.0.0", "type": "module", "exports": "./index.js", "dependencies": { "fast": "^1.0.0" } }',
      "node_modules/middle/index.js": 'export { fast as old } from "fast";',
      "node_modules/middle/node_modules/fast/package.json": native("1.0.0"),
      "node_modules/middle/node_modules/fast/index.js": 'export const fast = "1";',
    });
    const thrown = await build(project).catch((error: unknown) => error);
    expect(thrown).toMatchObject({ code: "PACKAGE_VERSIONS_DIFFER" });
    const { message, fix } = thrown as ChainsError;
    expect(message).toMatch(/^Main needs two versions of fast: /);
    expect(message).toContain("2.0.0, which chain.ts imports");
    expect(message).toContain("1.0.0, which the package middle imports");
    expect(fix).toContain('dockerImage.externalPackages: ["middle"]');

    const outside = `{ remoteConfig: new RemoteConfig({ dockerImage: new DockerImage({ externalPackages: ["middle"] }) }) }`;
    await writeFile(project.path("chain.ts"), source(outside));
    const lock = JSON.parse(await readText(await build(project), "Main/data/package-lock.json"));
    expect(lock.packages).toMatchObject({
      "node_modules/fast": { version: "2.0.0" },
      "node_modules/middle/node_modules/fast": { version: "1.0.0" },
    });
  });

  test("real ones are told by their prebuilt binaries", async () => {
    const project = await makeProject({
      "chain.ts": `${IMPORTS} import { rolldown } from "rolldown";
        @markEntrypoint() @Chainlet() export class Bundler extends ChainletBase {
          @endpoint({ output: z.string() }) async runRemote() { return typeof rolldown; } }`,
    });
    const manifest = createRequire(
      createRequire(import.meta.url).resolve("@truss-chains/compiler/package.json"),
    ).resolve("rolldown/package.json");
    await symlink(dirname(manifest), project.path("node_modules/rolldown"));
    const out = await build(project);
    const { version } = JSON.parse(await readFile(manifest, "utf8"));
    expect(JSON.parse(await readText(out, "Bundler/data/package.json")).dependencies).toEqual({
      rolldown: version,
    });
  });
});

describe("chainlets whose code is elsewhere", () => {
  test("an existing truss is copied as it is, under its own name in the chain", async () => {
    const project = await makeProject({
      "whisper/config.yaml": "# mine\nmodel_name: old\nresources:\n  cpu: '3'\n",
      "whisper/model/model.py": "class Model: pass\n",
      "whisper/__pycache__/x.pyc": "",
      "chain.ts": `${IMPORTS}
        @Chainlet() export class Whisper extends TrussChainlet({ trussDir: "./whisper" }) {}
        @markEntrypoint() @Chainlet() export class Main extends ChainletBase {
          constructor(@depends(Whisper) readonly whisper: Remote<Whisper>) { super(); } @endpoint() async runRemote() {} }`,
    });
    const out = await build(project);
    const files = Object.keys(await tree(out)).filter((path) => path.startsWith("Whisper/"));
    expect(files).toEqual(["Whisper/config.yaml", "Whisper/model/model.py"]);
    expect(await readText(out, "Whisper/config.yaml")).toBe(
      "# mine\nmodel_name: Whisper\nresources:\n  cpu: '3'\n",
    );
    expect(await readText(project.path("whisper/config.yaml"))).toContain("model_name: old");
  });

  test("a truss directory without a config.yaml is refused, and the class that names it", async () => {
    const project = await makeProject({
      "chain.ts": `${IMPORTS}
        @Chainlet() export class Whisper extends TrussChainlet({ trussDir: "./nothing" }) {}
        @markEntrypoint() @Chainlet() export class Main extends ChainletBase {
          constructor(@depends(Whisper) readonly whisper: Remote<Whisper>) { super(); } @endpoint() async runRemote() {} }`,
    });
    await expect(build(project)).rejects.toMatchObject({
      code: "TRUSS_DIR_INVALID",
      location: { className: "Whisper" },
    });
  });

  test("a truss whose config.yaml cannot be read, or is no text, is told as that", async () => {
    const chain = `${IMPORTS}
      @Chainlet() export class Whisper extends TrussChainlet({ trussDir: "./whisper" }) {}
      @markEntrypoint() @Chainlet() export class Main extends ChainletBase {
        constructor(@depends(Whisper) readonly whisper: Remote<Whisper>) { super(); } @endpoint() async runRemote() {} }`;
    const directory = await makeProject({ "chain.ts": chain, "whisper/config.yaml/a": "" });
    await expect(build(directory)).rejects.toMatchObject({ code: "FILE_NOT_READABLE" });
    const latin1 = await makeProject({ "chain.ts": chain, "whisper/config.yaml": "" });
    await writeFile(latin1.path("whisper/config.yaml"), Buffer.from("model_name: caf\xe9\n", "latin1"));
    await expect(build(latin1)).rejects.toMatchObject({ code: "CONFIG_SYNTAX" });
  });

  test("a custom server is config only; cached weights are fetched before it starts", async () => {
    const project = await makeProject({
      "chain.ts": `${IMPORTS}
        @Chainlet({ remoteConfig: new RemoteConfig({
          compute: new Compute({ gpu: "H100", gpuCount: 2 }),
          assets: new Assets({ cached: [new ModelRepo({ repoId: "org/model", revision: "main", useVolume: true, volumeFolder: "model" })], secretKeys: ["hf_access_token"] }),
        }) })
        export class Vllm extends DockerServerChainlet({ image: "vllm/vllm-openai:v0.9.0", startCommand: "vllm serve /app/model_cache/model --api-key '$KEY' --chat-template \\"a b\\"",
          serverPort: 8000, predictEndpoint: "/v1/chat/completions" }) {}
        @markEntrypoint() @Chainlet() export class Main extends ChainletBase {
          constructor(@depends(Vllm) readonly llm: Remote<Vllm>) { super(); } @endpoint() async runRemote() {} }`,
    });
    const out = await build(project);
    expect(await readText(out, "Vllm/config.yaml")).toMatchInlineSnapshot(`
      "# yaml-language-server: $schema=https://raw.githubusercontent.com/basetenlabs/truss/main/truss/config.schema.json
      base_image:
        image: vllm/vllm-openai:v0.9.0
      docker_server:
        liveness_endpoint: /health
        predict_endpoint: /v1/chat/completions
        readiness_endpoint: /health
        server_port: 8000
        start_command: sh -c "truss-transfer-cli && exec vllm serve /app/model_cache/model --api-key '$KEY' --chat-template 'a b'"
      model_cache:
      - repo_id: org/model
        revision: main
        use_volume: true
        volume_folder: model
      model_name: Vllm
      python_version: py313
      resources:
        accelerator: H100:2
        cpu: '1'
        memory: 2Gi
        use_gpu: true
      secrets:
        hf_access_token: '***'
      "
    `);
  });

  test("an engine is config only", async () => {
    const project = await makeProject({
      "chain.ts": `${IMPORTS}
        @Chainlet({ remoteConfig: new RemoteConfig({ compute: new Compute({ gpu: "H100" }) }) })
        export class Llama extends EngineBuilderLLMChainlet({ engineBuilderConfig: { build: {
          checkpoint_repository: { source: "HF", repo: "org/llama" }, base_model: "decoder" } } }) {}
        @markEntrypoint() @Chainlet() export class Main extends ChainletBase {
          constructor(@depends(Llama) readonly llm: Remote<Llama>) { super(); } @endpoint() async runRemote() {} }`,
    });
    const out = await build(project);
    expect(await readText(out, "Llama/config.yaml")).toContain("trt_llm:");
    expect(await readText(out, "Llama/config.yaml")).not.toContain("baseten_chain_api_key");
  });
});

describe("data files", () => {
  const WITH_DATA = `${IMPORTS}
    @markEntrypoint() @Chainlet({ remoteConfig: new RemoteConfig({ dockerImage: new DockerImage({ dataDir: "./files" }) }) })
    export class Main extends ChainletBase { @endpoint() async runRemote() {} }`;

  test("are copied beside the server; names that the platform would drop are kept", async () => {
    const out = await build(
      await makeProject({
        "chain.ts": WITH_DATA,
        "files/a.txt": "a",
        "files/lib/b.txt": "b",
        "files/run[1].log": "c",
      }),
    );
    expect(await readText(out, "Main/data/a.txt")).toBe("a");
    expect(await readText(out, "Main/data/lib/b.txt")).toBe("b");
    expect(await readText(out, "Main/data/run[1].log")).toBe("c");
    expect(await readText(out, "Main/.truss_ignore")).toBe(
      "!data/lib/\n!data/lib/b.txt\n!data/run\\[1\\].log\n",
    );
  });

  test("that take the server's own name are refused", async () => {
    const project = await makeProject({ "chain.ts": WITH_DATA, "files/server.mjs": "mine" });
    await expect(build(project)).rejects.toMatchObject({ code: "OUTPUT_INVALID" });
  });

  test("that links lead to are copied in their place, directories too", async () => {
    const project = await makeProject({
      "chain.ts": WITH_DATA,
      "files/a.txt": "a",
      "elsewhere/deep/b.txt": "b",
    });
    await symlink(project.path("elsewhere"), project.path("files/linked"));
    await symlink("a.txt", project.path("files/same.txt"));
    const out = await build(project);
    expect(await readText(out, "Main/data/linked/deep/b.txt")).toBe("b");
    expect(await readText(out, "Main/data/same.txt")).toBe("a");
  });

  test.each([
    ["leads nowhere", "nothing", "holds link, a link that leads nowhere"],
    ["leads to where it is", ".", "holds link, a link to a directory that it is in"],
  ])("that are a link that %s are named", async (_, target, why) => {
    const project = await makeProject({ "chain.ts": WITH_DATA, "files/a.txt": "a" });
    await symlink(target, project.path("files/link"));
    await expect(build(project)).rejects.toMatchObject({
      code: "OUTPUT_INVALID",
      message: expect.stringContaining(why),
    });
  });

  test("that do not exist are named", async () => {
    await expect(build(await makeProject({ "chain.ts": WITH_DATA }))).rejects.toMatchObject({
      code: "FILE_NOT_FOUND",
    });
  });
});

describe("the output directory", () => {
  const chain = chainOf(GREETER, HELLO);

  async function refusal(project: Project, out: string): Promise<ChainsError> {
    const error = await build(project, out).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ChainsError);
    return error as ChainsError;
  }

  test("is refused when the source is in a folder of it, whatever the folder is called", async () => {
    const project = await makeProject({ "out/..src/chain.ts": chain });
    const source = await discoverChain(project.path("out/..src/chain.ts"));
    await expect(buildChain(source, project.path("out"))).rejects.toMatchObject({ code: "OUTPUT_INVALID" });
  });

  test("a failed build leaves the previous output untouched", async () => {
    const project = await makeProject({ "chain.ts": chain });
    const out = await build(project);
    const before = await tree(out);
    await project.write({ "chain.ts": chain.replace('return "said', "return import('./gone.ts') + \"said") });
    await expect(build(project)).rejects.toThrow(ChainsError);
    expect(await tree(out)).toEqual(before);
    expect((await readdir(project.root)).filter((name) => name.startsWith("build"))).toEqual(["build"]);
  });

  test("a new build replaces the previous one as a whole", async () => {
    const project = await makeProject({ "chain.ts": chain });
    const out = await build(project);
    await project.write({ "chain.ts": chainOf(GREETER) });
    await build(project);
    expect(await readdir(out)).toEqual(["Greeter", "chain.json"]);
  });

  test("is refused when it is a file, holds other files, or holds the source", async () => {
    const project = await makeProject({ "chain.ts": chain, file: "x", "full/precious.txt": "x" });
    for (const out of ["file", "file/below", "full", ".", ".."]) {
      expect((await refusal(project, project.path(out))).code).toBe("OUTPUT_INVALID");
    }
    expect(await readText(project.path("full/precious.txt"))).toBe("x");
    expect(await readText(project.path("chain.ts"))).toBe(chain);
  });

  test.skipIf(process.getuid?.() === 0)("is refused when it cannot be written", async () => {
    const project = await makeProject({ "chain.ts": chain });
    await mkdir(project.path("locked"));
    await chmod(project.path("locked"), 0o555);
    expect((await refusal(project, project.path("locked/build"))).code).toBe("OUTPUT_INVALID");
  });

  test("is refused inside of a directory that the build copies: the next build would hold it", async () => {
    const project = await makeProject({
      "assets/words.txt": "x",
      "chain.ts":
        chainOf(`@Chainlet({ remoteConfig: new RemoteConfig({ dockerImage: new DockerImage({ dataDir: "assets" }) }) })
        export class Main extends ChainletBase { @endpoint() async runRemote() {} }`),
    });
    const error = await refusal(project, project.path("assets/build"));
    expect([error.code, error.message]).toEqual(["OUTPUT_INVALID", expect.stringContaining("is inside of")]);
  });

  test.runIf(existsSync("/proc/self"))("where no directory can be made is told, and ends", async () => {
    const project = await makeProject({ "chain.ts": chain });
    expect((await refusal(project, "/proc/build")).code).toBe("FILE_NOT_WRITABLE");
  });

  test("is made with the directories above it, and holds copies of read-only files", async () => {
    const project = await makeProject({
      "data/locked.txt": "x",
      "chain.ts":
        chainOf(`@Chainlet({ remoteConfig: new RemoteConfig({ dockerImage: new DockerImage({ dataDir: "data" }) }) })
        export class Main extends ChainletBase { @endpoint() async runRemote() {} }`),
    });
    await chmod(project.path("data/locked.txt"), 0o444);
    const out = await build(project, project.path("several/new/directories"));
    expect((await stat(join(out, "Main/data/locked.txt"))).mode & 0o777).toBe(0o444);
  });

  test("may be a symbolic link's target, but not a link to the source", async () => {
    const project = await makeProject({ "chain.ts": chain });
    await symlink(project.root, project.path("link"));
    expect((await refusal(project, project.path("link"))).code).toBe("OUTPUT_INVALID");
  });
});

test("everything that chainlets name and is not there is told at once", async () => {
  const project = await makeProject({
    "chain.ts": `${IMPORTS}
      @Chainlet({ remoteConfig: new RemoteConfig({ dockerImage: new DockerImage({ dataDir: "gone", npmRequirements: ["nothing"] }) }) })
      export class Leaf extends ChainletBase { @endpoint() async runRemote() {} }
      @markEntrypoint() @Chainlet({ remoteConfig: new RemoteConfig({ dockerImage: new DockerImage({ dataDir: "chain.ts", externalPackages: ["nowhere"] }) }) })
      export class Main extends ChainletBase {
        constructor(@depends(Leaf) readonly leaf: Remote<Leaf>) { super(); } @endpoint() async runRemote() {} }`,
  });
  const error = await build(project).catch((thrown: unknown) => thrown as ChainsError);
  const told = (error as ChainsError).problems.map(({ message, location }) => [message, location?.line]);
  expect(told).toEqual([
    [expect.stringContaining("does not exist"), expect.any(Number)],
    [expect.stringContaining('"nothing"'), expect.any(Number)],
    [expect.stringContaining("is a file"), expect.any(Number)],
    [expect.stringContaining('"nowhere"'), expect.any(Number)],
  ]);
});

test("a lockfile that is not JSON is named", async () => {
  const project = await makeProject({
    "node_modules/tool/package.json": '{ "name": "tool", "version": "2.0.0" }',
    "package-lock.json": "<<<<<<< HEAD",
    "chain.ts": `${IMPORTS}
      @markEntrypoint() @Chainlet({ remoteConfig: new RemoteConfig({ dockerImage: new DockerImage({ npmRequirements: ["tool"] }) }) })
      export class Main extends ChainletBase { @endpoint() async runRemote() {} }`,
  });
  await expect(build(project)).rejects.toMatchObject({
    code: "PACKAGE_VERSION_UNKNOWN",
    location: { file: project.path("package-lock.json") },
  });
});

test("what one package can do without and another needs is installed for certain", async () => {
  const manifest = (name: string, more: object) =>
    JSON.stringify({ name, version: "1.0.0", main: "index.js", ...more });
  const project = await makeProject({
    "node_modules/careless/package.json": manifest("careless", { optionalDependencies: { shared: "1.0.0" } }),
    "node_modules/needy/package.json": manifest("needy", { dependencies: { shared: "1.0.0" } }),
    "node_modules/shared/package.json": manifest("shared", { dependencies: { deep: "1.0.0" } }),
    "node_modules/deep/package.json": manifest("deep", {}),
    "chain.ts": `${IMPORTS}
      @markEntrypoint() @Chainlet({ remoteConfig: new RemoteConfig({ dockerImage: new DockerImage({ npmRequirements: ["careless", "needy"] }) }) })
      export class Main extends ChainletBase { @endpoint() async runRemote() {} }`,
  });
  const lock = JSON.parse(await readText(await build(project), "Main/data/package-lock.json"));
  expect(lock.packages["node_modules/shared"].optional).toBeUndefined();
  expect(lock.packages["node_modules/deep"].optional).toBeUndefined();
});

test("npm requirements have to be installed in the version that is asked for", async () => {
  const source = (requirement: string): string => `${IMPORTS}
    @markEntrypoint() @Chainlet({ remoteConfig: new RemoteConfig({ dockerImage: new DockerImage({ npmRequirements: ["${requirement}"] }) }) })
    export class Main extends ChainletBase { @endpoint() async runRemote() {} }`;
  const project = await makeProject({
    "node_modules/tool/package.json": '{ "name": "tool", "version": "2.0.0" }',
    "chain.ts": source("tool@1.0.0"),
  });
  await expect(build(project)).rejects.toMatchObject({ code: "PACKAGE_VERSION_UNKNOWN" });
  await writeFile(project.path("chain.ts"), source("nothing"));
  await expect(build(project)).rejects.toMatchObject({ code: "PACKAGE_VERSION_UNKNOWN" });
  await writeFile(project.path("chain.ts"), source("tool"));
  const out = await build(project);
  expect(JSON.parse(await readText(out, "Main/data/package.json")).dependencies).toEqual({ tool: "2.0.0" });
});
