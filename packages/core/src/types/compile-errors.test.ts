import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const repository = fileURLToPath(new URL("../../../../", import.meta.url));
const core = join(repository, "packages/core/src");

const HEAD = `
import { Chainlet, ChainletBase, context, depends, endpoint } from "@truss-chains/core";
import type { Remote, WebSocketConnection } from "@truss-chains/core";
import { z } from "zod";
const Max = z.object({ max: z.int() });
@Chainlet()
export class RandInt extends ChainletBase {
  @endpoint({ input: Max, output: z.int() })
  async runRemote({ max }: { max: number }) { return max; }
}
@Chainlet()
export class Tokens extends ChainletBase {
  @endpoint({ stream: z.string() })
  async *runRemote() { yield ""; }
}
`;

const inChainlet = (body: string): string => `@Chainlet() export class Bad extends ChainletBase { ${body} }`;
const stub = (parameter: string): string => inChainlet(`constructor(${parameter}) { super(); }`);

/** What a person may write wrong, and what the compiler's message must then contain. */
const MISTAKES: Record<string, { code: string; says: readonly string[] }> = {
  "an input of another type": {
    code: inChainlet("@endpoint({ input: Max }) async runRemote(input: { max: string }) {}"),
    says: ["The `input` schema produces something this method's parameter does not accept", "max: number"],
  },
  "an input without a schema": {
    code: inChainlet("@endpoint() async runRemote(input: { max: number }) {}"),
    says: ["This endpoint declares no `input` schema, so its method may only take a RequestContext"],
  },
  "an answer of another type": {
    code: inChainlet("@endpoint({ output: z.string() }) async runRemote() { return 1; }"),
    says: ["This method returns something the `output` schema does not accept"],
  },
  "an answer without a schema": {
    code: inChainlet("@endpoint() async runRemote() { return 1; }"),
    says: ["This method returns a value but the endpoint declares no `output` schema"],
  },
  "a generator declared as output": {
    code: inChainlet("@endpoint({ output: z.int() }) async *runRemote() { yield 1; }"),
    says: ["declare `stream` instead of `output`"],
  },
  "a stream that does not yield": {
    code: inChainlet("@endpoint({ stream: z.int() }) async runRemote() { return 1; }"),
    says: ["A streaming endpoint must be an async generator: async *runRemote()"],
  },
  "items of another type": {
    code: inChainlet("@endpoint({ stream: z.string() }) async *runRemote() { yield 1; }"),
    says: ["This method yields items the `stream` schema does not accept"],
  },
  "a second parameter of another type": {
    code: inChainlet("@endpoint({ input: Max }) async runRemote(input: { max: number }, n: number) {}"),
    says: ["The second parameter of an endpoint is the RequestContext"],
  },
  "an endpoint on another method": {
    code: inChainlet("@endpoint() async predict() {}"),
    says: ["@endpoint belongs on the method named runRemote"],
  },
  "a misspelt part of the spec": {
    code: inChainlet("@endpoint({ input: Max, outputs: z.int() }) async runRemote() {}"),
    says: ["This is not a part of an endpoint's spec", '"outputs"'],
  },
  "a WebSocket of other messages": {
    code: inChainlet(
      "@endpoint({ receive: z.string(), send: z.string() }) async runRemote(ws: WebSocketConnection<number, string>) {}",
    ),
    says: ["A WebSocket endpoint takes a WebSocketConnection of the `receive` and `send` schemas"],
  },
  "a WebSocket endpoint that returns": {
    code: inChainlet(
      "@endpoint({ receive: z.string(), send: z.string() }) async runRemote(ws: WebSocketConnection<string, string>) { return 1; }",
    ),
    says: ["A WebSocket endpoint returns nothing"],
  },
  "a Remote of another chainlet": {
    code: stub("@depends(RandInt) readonly a: Remote<Tokens>"),
    says: ["This constructor parameter does not accept what is injected into it"],
  },
  "the chainlet itself in place of its Remote": {
    code: stub("@depends(RandInt) readonly a: RandInt"),
    says: ["This constructor parameter does not accept what is injected into it"],
  },
  "a context of another type": {
    code: stub("@context() readonly a: Remote<Tokens>"),
    says: ["This constructor parameter does not accept what is injected into it", "DeploymentContext"],
  },
  "a class that does not extend ChainletBase": {
    code: "@Chainlet() export class Bad { async runRemote() {} }",
    says: ["ChainletBase"],
  },
  "a wrong argument of a call": {
    code: "export const call = (a: Remote<RandInt>) => a.runRemote({ max: '3' });",
    says: ["Type 'string' is not assignable to type 'number'"],
  },
};

const names = Object.keys(MISTAKES);
const fileOf = (name: string): string => `mistake-${names.indexOf(name)}.ts`;

async function makeProject(directory: string): Promise<void> {
  const project = {
    extends: join(repository, "tsconfig.json"),
    compilerOptions: {
      composite: false,
      declarationMap: false,
      noEmit: true,
      allowImportingTsExtensions: true,
      rewriteRelativeImportExtensions: false,
      noUnusedLocals: false,
      noUnusedParameters: false,
      customConditions: ["@truss-chains/source"],
      typeRoots: [join(repository, "node_modules/@types")],
    },
    include: ["*.ts", join(core, "**/*.test-d.ts")],
    references: [],
  };
  await writeFile(join(directory, "tsconfig.json"), JSON.stringify(project));
  await writeFile(join(directory, "package.json"), '{ "type": "module" }');
  await symlink(join(repository, "node_modules"), join(directory, "node_modules"));
  for (const [name, { code }] of Object.entries(MISTAKES))
    await writeFile(join(directory, fileOf(name)), HEAD + code);
}

/** The messages of one compilation, by file name; the indented lines that follow one belong to it. */
async function compile(compiler: string, directory: string): Promise<Map<string, string>> {
  const tsc = join(repository, "node_modules", compiler, "bin/tsc");
  const args = [tsc, "-p", directory, "--pretty", "false"];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: directory }).catch(
    (failure: { stdout: string }) => failure,
  );
  const errors = new Map<string, string>();
  let file = "";
  for (const line of stdout.split("\n")) {
    file = /^(\S+?)\(\d+,\d+\): error/.exec(line)?.[1] ?? file;
    if (line !== "") errors.set(file, `${errors.get(file) ?? ""}${line}\n`);
  }
  return errors;
}

describe.each([
  ["TypeScript 5.9", "typescript-5.9"],
  ["TypeScript 6", "typescript-6"],
  ["TypeScript 7", "typescript"],
])("with %s", (_, compiler) => {
  let directory: string;
  let errors: Map<string, string>;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "chains-types-"));
    await makeProject(directory);
    errors = await compile(compiler, directory);
  });

  afterAll(() => rm(directory, { recursive: true, force: true }));

  test("the type tests compile, and nothing but the mistakes fails", () => {
    expect([...errors.keys()].sort()).toEqual(names.map(fileOf).sort());
  });

  test.each(names)("%s is explained by the compiler", (name) => {
    for (const text of MISTAKES[name]!.says) expect(errors.get(fileOf(name))).toContain(text);
  });
});
