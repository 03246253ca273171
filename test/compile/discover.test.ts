import { discoverChain } from "@truss-chains/compiler/discover";
import { ChainsError } from "@truss-chains/errors";
import { describe, expect, test } from "vitest";
import { IMPORTS, makeProject } from "../support/project.ts";

async function failure(promise: Promise<unknown>): Promise<ChainsError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ChainsError);
  return error as ChainsError;
}

async function failureOf(source: string, options = {}): Promise<ChainsError> {
  const project = await makeProject({ "chain.ts": source });
  return failure(discoverChain(project.path("chain.ts"), options));
}

const HELLO = `${IMPORTS}
@markEntrypoint() @Chainlet()
export class Hello extends ChainletBase {
  constructor() { super(); throw new Error("constructors do not run"); }
  @endpoint({ output: z.string() }) async runRemote() { return "hello"; }
}
`;

describe("a chain's source", () => {
  test("is described without running a constructor", async () => {
    const project = await makeProject({ "chain.ts": HELLO });
    const { graph } = await discoverChain(project.path("chain.ts"));
    expect(graph.entrypoint).toBe("Hello");
    expect(graph.nodes[0]?.location).toMatchObject({ file: project.path("chain.ts"), line: 10, column: 14 });
  });

  test("sees no arguments of ours while it is imported", async () => {
    const strict = `if (process.argv.length > 2) throw new Error("unknown arguments: " + process.argv.slice(2));`;
    const project = await makeProject({ "chain.ts": `${HELLO}${strict}` });
    expect((await discoverChain(project.path("chain.ts"))).graph.entrypoint).toBe("Hello");
  });

  test("gives the same graph every time", async () => {
    const project = await makeProject({ "chain.ts": HELLO });
    const [once, again] = [
      await discoverChain(project.path("chain.ts")),
      await discoverChain(project.path("chain.ts")),
    ];
    expect(JSON.stringify(again)).toBe(JSON.stringify(once));
  });

  test("may require packages, and modules of its own that do", async () => {
    const project = await makeProject({
      "node_modules/tool/package.json": '{ "name": "tool", "version": "1.0.0" }',
      "node_modules/tool/index.js": "module.exports = 'Tool';",
      "own.cjs": 'const tool = require("tool"); module.exports = { name: tool };',
      "chain.ts": `${IMPORTS} import own from "./own.cjs";
        @Chainlet({ remoteConfig: new RemoteConfig({ name: own.name }) })
        export class Hello extends ChainletBase { @endpoint() async runRemote() {} }`,
    });
    const { graph } = await discoverChain(project.path("chain.ts"));
    expect(graph.nodes[0]?.displayName).toBe("Tool");
  });

  test("may have CommonJS modules that ask for their own place", async () => {
    const project = await makeProject({
      "lib/words/own.cjs": `"use strict";
        const { basename } = require("node:path");
        module.exports = basename(__dirname) + "-" + basename(__filename, ".cjs");`,
      "lib/words/declares.ts": `import { basename, dirname } from "node:path";
        const __dirname = dirname(import.meta.filename);
        export const folder = basename(__dirname);`,
      "chain.ts": `${IMPORTS} import own from "./lib/words/own.cjs"; import { folder } from "./lib/words/declares.ts";
        @Chainlet({ remoteConfig: new RemoteConfig({ name: own + "-" + folder }) })
        export class Hello extends ChainletBase { @endpoint() async runRemote() {} }`,
    });
    const { graph } = await discoverChain(project.path("chain.ts"));
    expect(graph.nodes[0]?.displayName).toBe("words-own-words");
  });

  test("may be spread over files, use tsconfig paths, and know its own place", async () => {
    const project = await makeProject({
      "tsconfig.json":
        '{ "compilerOptions": { "paths": { "#lib/*": ["./src/lib/*"] }, "verbatimModuleSyntax": true } }',
      "src/lib/words.ts": "export const WORD = import.meta.url.endsWith('words.ts') ? 'here' : 'lost';",
      "src/chain.ts": `${IMPORTS} import { WORD } from "#lib/words.ts";
        @Chainlet({ remoteConfig: new RemoteConfig({ name: WORD }) })
        export class Hello extends ChainletBase { @endpoint() async runRemote() {} }`,
    });
    const { graph, modules } = await discoverChain(project.path("src/chain.ts"));
    expect(graph.nodes[0]?.displayName).toBe("here");
    expect(modules).toEqual([project.path("src/chain.ts"), project.path("src/lib/words.ts")]);
  });

  test("runs its modules and the packages between them in the order in which they are imported", async () => {
    const project = await makeProject({
      "node_modules/reads-env/package.json":
        '{ "name": "reads-env", "type": "module", "exports": "./index.js" }',
      "node_modules/reads-env/index.js": "export const name = process.env.NAME_OF_HELLO;",
      "env.ts": 'process.env.NAME_OF_HELLO = "Configured";',
      "chain.ts": `import "./env.ts"; import { name } from "reads-env"; ${IMPORTS}
        @Chainlet({ remoteConfig: new RemoteConfig({ name: name ?? "too early" }) })
        export class Hello extends ChainletBase { @endpoint() async runRemote() {} }`,
    });
    const { graph } = await discoverChain(project.path("chain.ts"));
    expect(graph.nodes[0]?.displayName).toBe("Configured");
  });

  test("finds what a package did that is imported before a module, and data of packages", async () => {
    const project = await makeProject({
      "node_modules/dotenv/package.json":
        '{ "name": "dotenv", "version": "1.0.0", "exports": { "./config": "./config.js" } }',
      "node_modules/dotenv/config.js": 'process.env.CHAIN_WORD = "set";',
      "node_modules/words/package.json": '{ "name": "words", "version": "1.0.0" }',
      "node_modules/words/words.json": '{ "word": "Given" }',
      "lib/name.ts": `export const name = process.env.CHAIN_WORD ?? "unset";`,
      "lib/index.ts": `export * from "./name.ts";`,
      "chain.ts": `import "dotenv/config"; import words from "words/words.json" with { type: "json" };
        import { name } from "./lib/index.ts"; ${IMPORTS}
        @Chainlet({ remoteConfig: new RemoteConfig({ name: words.word + "-" + name }) })
        export class Hello extends ChainletBase { @endpoint() async runRemote() {} }`,
    });
    const { graph } = await discoverChain(project.path("chain.ts"));
    expect(graph.nodes[0]?.displayName).toBe("Given-set");
  });

  test("keeps class names, also when two files use the same one", async () => {
    const project = await makeProject({
      "other.ts": "export class Hello { static word = 'other'; }",
      "chain.ts": `${HELLO} import { Hello as Other } from "./other.ts"; console.log(Other.word);`,
    });
    const { graph } = await discoverChain(project.path("chain.ts"));
    expect(graph.nodes.map((node) => node.name)).toEqual(["Hello"]);
  });
});

describe("what is wrong with a source is said with its place", () => {
  test("it does not exist, is a directory, or is no TypeScript", async () => {
    const project = await makeProject({ "notes.md": "# no chain", "lib/a.ts": "" });
    for (const path of ["nowhere.ts", "lib", "notes.md"]) {
      const error = await failure(discoverChain(project.path(path)));
      expect(error.code).toBe("SOURCE_NOT_FOUND");
      expect(error.fix).toBeTruthy();
    }
  });

  test("it does not parse", async () => {
    const error = await failureOf("import { z } from 'zod';\nexport class A {\n  oops oops\n}\n");
    expect(error.code).toBe("SOURCE_SYNTAX");
    expect(error.problems[0]?.location).toMatchObject({ line: 3 });
  });

  test("it throws while it is imported", async () => {
    const error = await failureOf(`${IMPORTS}\nconst key: string = (undefined as any).key;\n`);
    expect(error.code).toBe("SOURCE_THROWS");
    expect(error.message).toContain("Cannot read properties of undefined");
    expect(error.location?.line).toBe(9);
  });

  test("it ends the process while it is imported", async () => {
    const error = await failureOf("process.exit(7);");
    expect(error.message).toContain("exited with code 7");
  });

  test("code that nobody waits for fails while it is imported", async () => {
    for (const stray of [
      `setTimeout(() => { throw new Error("stray"); }); await new Promise(() => {});`,
      `void Promise.reject(new Error("stray"));`,
    ]) {
      const error = await failureOf(`${HELLO}\n${stray}`);
      expect(error.message).toContain("stray");
      expect(error.location?.line).toBe(`${HELLO}\n`.split("\n").length);
    }
  });

  test("it throws something that is no error", async () => {
    expect((await failureOf("throw { code: 3 };")).message).toContain("{ code: 3 }");
  });

  test("it decorates a class expression, or a chainlet inside of a function", async () => {
    const expression = await failureOf(`${IMPORTS}\nexport const Hello =
      class extends ChainletBase { @endpoint() async runRemote() {} };`);
    expect(expression.problems).toMatchObject([
      { code: "SOURCE_SYNTAX", location: { line: IMPORTS.split("\n").length + 2 } },
    ]);
    const inner = await failureOf(`${IMPORTS}\nfunction make() {
      @Chainlet() class Inner extends ChainletBase { @endpoint() async runRemote() {} } return Inner; }
      export const Hello = make();`);
    expect(inner).toMatchObject({
      code: "BUNDLE_FAILED",
      location: { className: "Inner", file: expect.stringContaining("chain.ts"), line: expect.any(Number) },
    });
  });

  test("it never finishes loading", async () => {
    const error = await failureOf("setInterval(() => {}, 1000); await new Promise(() => {});", {
      timeoutSec: 1,
    });
    expect(error.message).toContain("did not finish within 1 seconds");
  });

  test("it imports packages and files that are not there: all of them are named", async () => {
    const error = await failureOf(
      `import a from "no-such-package";\nimport b from "@scope/none/sub";\nconsole.log(a, b);`,
    );
    expect(error.code).toBe("SOURCE_IMPORT_MISSING");
    expect(
      error.problems.map(({ message, location }) => [message, location?.line, location?.column]),
    ).toEqual([
      ['"no-such-package" cannot be found.', 1, 15],
      ['"@scope/none/sub" cannot be found.', 2, 15],
    ]);
    const file = await failureOf(`import a from "./missing.ts";\nconsole.log(a);`);
    expect(file.problems[0]).toMatchObject({
      code: "SOURCE_IMPORT_MISSING",
      location: { line: 1, column: 15 },
    });
  });

  test("it imports what a package does not have: a path, a name, a default export; or by an alias that nobody knows", async () => {
    const packages = {
      "node_modules/@scope/tool/package.json":
        '{ "name": "@scope/tool", "version": "1.2.3", "type": "module", "exports": "./index.js" }',
      "node_modules/@scope/tool/index.js": "export const used = 1;",
    };
    const failing = async (line: string) => {
      const project = await makeProject({
        ...packages,
        "lib.ts": `\n${line}\nexport const lib = tool;`,
        "chain.ts": `import { lib } from "./lib.ts"; ${HELLO} console.log(lib);`,
      });
      const error = await failure(discoverChain(project.path("chain.ts")));
      expect(error.code).toBe("SOURCE_IMPORT_MISSING");
      expect(error.location).toMatchObject({ file: project.path("lib.ts"), line: 2 });
      return [error.message, error.problems[0]?.fix ?? error.fix].join(" ");
    };
    expect(await failing('import { tool } from "@scope/tool/deep";')).toMatch(
      /deep" cannot be found.*1\.2\.3 is installed/s,
    );
    expect(await failing('import { tool } from "@scope/none/deep";')).toMatch(/npm install @scope\/none$/);
    expect(await failing('import { tool } from "@/tool";')).toMatch(/paths in tsconfig\.json/);
    expect(await failing('import { tool } from "@scope/tool";')).toMatch(
      /^"@scope\/tool" exports nothing called tool\./,
    );
    expect(await failing('import tool from "@scope/tool";')).toMatch(
      /^"@scope\/tool" has no default export\./,
    );
  });

  test("it exports no chainlet", async () => {
    const error = await failureOf(
      `${IMPORTS}\n@Chainlet() class Hidden extends ChainletBase { @endpoint() async runRemote() {} }`,
    );
    expect(error.code).toBe("SOURCE_NO_CHAINLETS");
  });

  test("it marks several entrypoints, or none of several; naming one decides", async () => {
    const two = (mark: string): string => `${IMPORTS}
      ${mark} @Chainlet() export class A extends ChainletBase { @endpoint() async runRemote() {} }
      ${mark} @Chainlet() export class B extends ChainletBase { @endpoint() async runRemote() {} }`;
    expect((await failureOf(two("@markEntrypoint()"))).code).toBe("ENTRYPOINT_AMBIGUOUS");
    expect((await failureOf(two(""))).code).toBe("ENTRYPOINT_MISSING");
    const project = await makeProject({ "chain.ts": two("") });
    expect((await discoverChain(project.path("chain.ts"), { entrypoint: "B" })).graph.entrypoint).toBe("B");
    expect((await failure(discoverChain(project.path("chain.ts"), { entrypoint: "C" }))).code).toBe(
      "ENTRYPOINT_MISSING",
    );
  });

  test("a wrong option names the class, the field and the line", async () => {
    const error = await failureOf(
      `${IMPORTS}\nexport const c = new Compute({ cpuCount: -1, memory: "2GiB" });`,
    );
    expect(error.problems[0]?.code).toBe("CHAINLET_OPTIONS_INVALID");
    expect(error.message).toContain("Compute.cpuCount");
    expect(error.message).toContain("Compute.memory");
    expect(error.location?.line).toBe(9);
  });

  test("wrong options of all chainlets are told at once, with what is wrong besides", async () => {
    const error = await failureOf(`${IMPORTS}
      @Chainlet({ remoteConfig: new RemoteConfig({ nam: "first" } as any) })
      export class A extends ChainletBase { @endpoint() async runRemote() {} }
      @Chainlet({ remoteConfig: new RemoteConfig({ compute: new Compute({ memory: "5 cows" }) }) })
      export class B extends ChainletBase {}
      @markEntrypoint() @Chainlet()
      export class Main extends ChainletBase {
        constructor(@depends(A, { retries: -1 }) a: Remote<A>) { super(); }
        @endpoint() async runRemote() {} }`);
    expect(error.code).toBe("CHAIN_INVALID");
    const first = IMPORTS.split("\n").length + 1;
    expect(error.problems.map(({ code, location }) => [code, location?.line])).toEqual([
      ["CHAINLET_OPTIONS_INVALID", first],
      ["CHAINLET_OPTIONS_INVALID", first + 2],
      ["CHAINLET_OPTIONS_INVALID", first + 6],
      ["ENDPOINT_MISSING", first + 3],
    ]);
  });

  test("chainlets that depend on each other are a circle", async () => {
    const error = await failureOf(`${IMPORTS}
      @Chainlet() export class A extends ChainletBase {
        constructor(@depends(B) b: Remote<B>) { super(); } @endpoint() async runRemote() {} }
      @Chainlet() export class B extends ChainletBase {
        constructor(@depends(A) a: Remote<A>) { super(); } @endpoint() async runRemote() {} }`);
    expect(error.message).toContain("B is used before it is declared");
    expect(error.fix).toContain("circle");
  });
});

test("every problem of a chain is reported at once, each with file, line, class and fix", async () => {
  const project = await makeProject({
    "chain.ts": `${IMPORTS}
@Chainlet({ remoteConfig: new RemoteConfig({ name: "not a name" }) })
export class Worker extends ChainletBase {
  isHealthy(strict: boolean) { return strict; }
  @endpoint() async runRemote() {}
}
@Chainlet()
export class NoEndpoint extends ChainletBase {}
@markEntrypoint()
@Chainlet()
export class Main extends ChainletBase {
  constructor(
    @depends(Worker) readonly worker: Remote<Worker>,
    @depends(Worker) readonly again: Remote<Worker>,
    readonly count: number = 3,
    @context deployment: any = undefined,
  ) {
    super();
  }
  @endpoint() async runRemote() { new Worker(); }
}
`,
  });
  const error = await failure(discoverChain(project.path("chain.ts")));
  const seen = error.problems.map(({ code, location }) => [code, location?.className, location?.line]);
  expect(seen.sort()).toEqual(
    [
      ["CHAINLET_NAME_INVALID", "Worker", 10],
      ["HEALTH_CHECK_INVALID", "Worker", 11],
      ["ENDPOINT_MISSING", "NoEndpoint", 15],
      ["DEPENDENCY_DUPLICATE", "Main", 21],
      ["PARAMETER_NOT_INJECTED", "Main", 22],
      ["PARAMETER_NOT_INJECTED", "Main", 23],
      ["CHAINLET_INSTANTIATED", "Main", 27],
    ].sort(),
  );
  expect(error.message).toContain("`deployment` has a decorator that injects nothing");
  for (const problem of error.problems) {
    expect(problem.location?.file).toBe(project.path("chain.ts"));
    expect(problem.fix).toBeTruthy();
  }
});

test("a chainlet that is constructed by a function which another chainlet uses is told where", async () => {
  const error = await failureOf(`${IMPORTS}
@Chainlet() export class Worker extends ChainletBase { @endpoint() async runRemote() {} }
const later = () => make();
function make(): Worker {
  return new Worker();
}
export function unused() { return new Worker(); }
@markEntrypoint() @Chainlet() export class Main extends ChainletBase {
  @endpoint() async runRemote() { await later().runRemote(); }
  unused() { return this.unused(); } }`);
  const line = IMPORTS.split("\n").length + 4;
  expect(error.problems).toMatchObject([
    { code: "CHAINLET_INSTANTIATED", location: { line, className: "Main", member: "runRemote" } },
  ]);
  expect(error.problems).toHaveLength(1);
});

test("a chainlet that is exported without a name of its own is told where it is", async () => {
  const error = await failureOf(`${IMPORTS}
@Chainlet() export default class extends ChainletBase { @endpoint() async runRemote() {} }`);
  expect(error.problems).toMatchObject([
    { code: "CHAINLET_NAME_INVALID", location: { line: IMPORTS.split("\n").length + 1 } },
  ]);
});

test("what the bundler says comes without its colours", async () => {
  const project = await makeProject({
    "other.ts": "export const one = 1;",
    "chain.ts": `${HELLO}\nimport { two } from "./other.ts"; console.log(two);`,
  });
  const error = await failure(discoverChain(project.path("chain.ts")));
  expect(error.problems[0]!.message).toMatch(/^"two" is not exported/);
});

test("a member may be called anything, and a problem of it has its own line", async () => {
  const error = await failureOf(`${IMPORTS}
@Chainlet() export class Hello extends ChainletBase {
  @endpoint() async runRemote() {}
  @endpoint() async toString() {}
}`);
  const lines = error.problems.map(({ location }) => location?.line);
  expect(lines.every((line) => line !== undefined)).toBe(true);
});
