import { once } from "node:events";
import { mkdir, readdir } from "node:fs/promises";
import { expect, test } from "vitest";
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
