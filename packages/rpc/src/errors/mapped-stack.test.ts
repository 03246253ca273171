import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { mappedStack } from "./mapped-stack.ts";

test("a stack names the lines of the sources, however the server was bundled", async () => {
  const directory = await mkdtemp(join(tmpdir(), "chains-stack-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  // Line 1, column 1 of the bundle is line 3 of chain.ts.
  const map = { version: 3, sources: ["chain.ts"], names: [], mappings: "AAEA" };
  await writeFile(join(directory, "server.mjs"), "x\n//# sourceMappingURL=server.mjs.map");
  await writeFile(join(directory, "server.mjs.map"), JSON.stringify(map));
  const error = new TypeError("teapot");
  error.stack = `TypeError: teapot\n    at Tea.runRemote (${join(directory, "server.mjs")}:1:1)\n    at node:internal/x:1:1`;
  expect(await mappedStack(error)).toBe(
    `TypeError: teapot\n    at Tea.runRemote (${join(directory, "chain.ts")}:3)`,
  );
});

test("an error without calls keeps what it says", async () => {
  const error = new Error("alone");
  error.stack = "Error: alone";
  expect(await mappedStack(error)).toBe("Error: alone");
});
