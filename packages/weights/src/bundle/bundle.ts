import { chmod, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type InputOptions, type Plugin, rolldown } from "rolldown";

const DIST = new URL("../", import.meta.url);
const at = (path: string) => fileURLToPath(new URL(path, DIST));

/** Builds what runs without an installation: the script of the threads, and the program that carries it inside. */
async function bundle(): Promise<void> {
  await write({ input: at("thread/entry.js") }, at("transfer-thread.cjs"), "cjs");
  const thread = await readFile(at("transfer-thread.cjs"), "utf8");
  await write(
    { input: at("cli/main.js"), plugins: [embedThread(thread)] },
    at("truss-transfer-cli.mjs"),
    "esm",
  );
  await chmod(at("truss-transfer-cli.mjs"), 0o755);
}

async function write(options: InputOptions, file: string, format: "cjs" | "esm"): Promise<void> {
  const build = await rolldown({ ...options, platform: "node", logLevel: "warn" });
  try {
    await build.write({ file, format, minify: true, codeSplitting: false });
  } finally {
    await build.close();
  }
}

function embedThread(code: string): Plugin {
  return {
    name: "embed-thread",
    load: (id) =>
      id === at("thread/embedded.js") ? `export const embeddedThread = ${JSON.stringify(code)};` : null,
  };
}

await bundle();
