import type { sdk as runtimeSdk } from "./runtime.ts";

/** What the file of the runtime evaluates to. */
type RunRuntime = (exports: { sdk?: typeof runtimeSdk }, require: NodeJS.Require) => void;

// Importing them, and making a `require` that nobody needs yet, would take three milliseconds.
const fs = process.getBuiltinModule("node:fs");
const vm = process.getBuiltinModule("node:vm");
const load = (name: string): unknown =>
  process.getBuiltinModule(name) ??
  process.getBuiltinModule("node:module").createRequire(import.meta.url)(name);

const file = `${import.meta.dirname}/runtime.js`;

/**
 * Where V8's compiled form of the runtime is kept. An image has it; without it, V8 compiles the runtime anew. V8 knows a
 * text by its length only, so that no cache may outlive its runtime; a build replaces its output as a whole.
 */
export const codeCache = `${file}.cache`;

/** The runtime, compiled. V8 turns down a cache that another version of it has made, and compiles. */
export const script = new vm.Script(fs.readFileSync(file, "latin1"), {
  filename: file,
  ...(fs.existsSync(codeCache) && { cachedData: fs.readFileSync(codeCache) }),
});

const exported: { sdk?: typeof runtimeSdk } = {};
(script.runInThisContext() as RunRuntime)(exported, load as NodeJS.Require);

/** What the code of a chainlet imports in place of `truss-chains`. */
export const sdk = exported.sdk!;
