import { chmod, readFile, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type InputOptions, type Plugin, rolldown } from "rolldown";

const DIST = new URL("../", import.meta.url);
const at = (path: string) => fileURLToPath(new URL(path, DIST));

/** What the sources use of each cloud client. */
const CLOUD_CLIENTS: Readonly<Record<string, readonly string[]>> = {
  "@aws-sdk/client-s3": ["S3Client", "paginateListObjectsV2", "GetObjectCommand", "HeadObjectCommand"],
  "@aws-sdk/s3-request-presigner": ["getSignedUrl"],
  "@google-cloud/storage": ["Storage"],
  "@azure/storage-blob": [
    "BlobServiceClient",
    "StorageSharedKeyCredential",
    "BlobSASPermissions",
    "generateBlobSASQueryParameters",
    "SASProtocol",
  ],
};

/** Builds what runs without an installation: the script of the threads, and the program that carries all inside. */
async function bundle(): Promise<void> {
  await write({ input: at("thread/entry.js") }, at("transfer-thread.cjs"), "cjs");
  const thread = await readFile(at("transfer-thread.cjs"), "utf8");
  const clouds = await bundleClouds();
  const plugins = [embedThread(thread), embedClouds(clouds)];
  await write({ input: at("cli/main.js"), plugins }, at("truss-transfer-cli.mjs"), "esm");
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

/** All cloud clients as one script. */
async function bundleClouds(): Promise<string> {
  const entry = Object.entries(CLOUD_CLIENTS)
    .map(([name, used]) => `export { ${used.join(", ")} } from ${JSON.stringify(name)};`)
    .join("\n");
  const plugin: Plugin = {
    name: "clouds",
    resolveId: (id) => (id === "clouds" ? at("clouds.js") : null),
    load: (id) => (id === at("clouds.js") ? entry : null),
  };
  const file = at("clouds.cjs");
  await write({ input: "clouds", plugins: [plugin] }, file, "cjs");
  const code = await readFile(file, "utf8");
  await rm(file);
  return code;
}

/**
 * Puts the clients in as text, which is compiled when the first of them is needed: most programs need none, and
 * compiling them costs more than everything else that a start does.
 */
function embedClouds(code: string): Plugin {
  const evaluate = `
    import { createRequire } from "node:module";
    import { dirname } from "node:path";
    import { fileURLToPath } from "node:url";
    let clients;
    export function clouds() {
      if (clients === undefined) {
        const module = { exports: {} };
        const file = fileURLToPath(import.meta.url);
        const run = new Function("module", "exports", "require", "__filename", "__dirname", code);
        run(module, module.exports, createRequire(import.meta.url), file, dirname(file));
        clients = module.exports;
      }
      return clients;
    }
    const code = ${JSON.stringify(code)};`;
  return {
    name: "embed-clouds",
    resolveId: (id) => (id in CLOUD_CLIENTS || id === "clouds" ? `\0${id}` : null),
    load: (id) => {
      const name = id.slice(1);
      if (id === "\0clouds") return evaluate;
      if (!id.startsWith("\0") || !(name in CLOUD_CLIENTS)) return null;
      return `import { clouds } from "clouds"; export const { ${CLOUD_CLIENTS[name]!.join(", ")} } = clouds();`;
    },
  };
}

await bundle();
