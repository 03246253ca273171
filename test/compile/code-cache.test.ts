import { execFile } from "node:child_process";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildChain } from "@truss-chains/compiler";
import { discoverChain } from "@truss-chains/compiler/discover";
import { describe, expect, onTestFinished, test } from "vitest";
import { ServerProcess } from "../runtime/support/server-process.ts";
import { post } from "../runtime/support/workspace.ts";
import { IMPORTS, makeProject } from "../support/project.ts";

const node = async (...args: string[]): Promise<string> =>
  (await promisify(execFile)(process.execPath, args)).stdout;

/** The data directory of a built chainlet that answers with "hello". */
async function buildHello(): Promise<string> {
  const project = await makeProject({
    "chain.ts": `${IMPORTS}
      @markEntrypoint() @Chainlet() export class Hello extends ChainletBase {
        @endpoint({ output: z.string() }) async runRemote() { return "hello"; } }`,
  });
  const { trussDirectories } = await buildChain(
    await discoverChain(project.path("chain.ts")),
    project.path("build"),
  );
  return join(trussDirectories.Hello!, "data");
}

async function answer(data: string): Promise<unknown> {
  const server = new ServerProcess(join(data, "server.mjs"), {});
  onTestFinished(() => server[Symbol.asyncDispose]());
  return (await post(`${await server.ready()}/predict`, {})).json();
}

describe("the code cache of a server", () => {
  test("is made by a command of its image, and spares V8 compiling the runtime", async () => {
    const data = await buildHello();
    await node(join(data, "server-runtime/cache-code.mjs"));
    expect(await readdir(join(data, "server-runtime"))).toContain("runtime.js.cache");
    const loaded = join(data, "server-runtime/runtime.mjs");
    const print = `import(${JSON.stringify(loaded)}).then(({ script }) => console.log(script.cachedDataRejected))`;
    expect(await node("--eval", print)).toBe("false\n");
    // V8 options that change how code is compiled.
    expect(await node("--no-opt", "--eval", print)).toBe("true\n");
    expect(await answer(data)).toBe("hello");
  });

  test.each([
    ["is nothing to V8", "no code"],
    ["is empty", ""],
  ])("that %s is not used", async (_, content) => {
    const data = await buildHello();
    await writeFile(join(data, "server-runtime/runtime.js.cache"), content);
    expect(await answer(data)).toBe("hello");
  });
});
