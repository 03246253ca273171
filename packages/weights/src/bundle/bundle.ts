import { chmod, readFile, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { type InputOptions, type Plugin, rolldown } from "rolldown";

const DIST = new URL("../", import.meta.url);
const at = (path: string) => fileURLToPath(new URL(path, DIST));

type Packages = Readonly<Record<string, readonly string[]>>;

/** Packages that are loaded late, and what the sources use of each. Those of one script are loaded together. */
const LATE_SCRIPTS: Readonly<Record<string, Packages>> = {
  clouds: {
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
  },
  http: { undici: ["Agent", "request"] },
};

/** Builds what runs without an installation: the script of the threads, and the program that carries all inside. */
async function bundle(): Promise<void> {
  await write({ input: at("thread/entry.js") }, at("transfer-thread.cjs"), "cjs");
  const thread = await readFile(at("transfer-thread.cjs"), "utf8");
  const late = await Promise.all(
    Object.entries(LATE_SCRIPTS).map(async ([name, packages]) =>
      embedLate(name, packages, await bundleLate(name, packages)),
    ),
  );
  const plugins = [embedThread(thread), ...late];
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

/** Some packages as one script. */
async function bundleLate(name: string, packages: Packages): Promise<string> {
  const entry = Object.entries(packages)
    .map(([from, used]) => `export { ${used.join(", ")} } from ${JSON.stringify(from)};`)
    .join("\n");
  const plugin: Plugin = {
    name,
    resolveId: (id) => (id === name ? at(`${name}.js`) : null),
    load: (id) => (id === at(`${name}.js`) ? entry : null),
  };
  const file = at(`${name}.cjs`);
  await write({ input: name, plugins: [plugin] }, file, "cjs");
  const code = await readFile(file, "utf8");
  await rm(file);
  return code;
}

/**
 * Puts packages in as compressed text, which is unpacked and compiled when the first of them is needed: most runs need
 * none, and reading their code would take as long as everything else that a start does.
 */
function embedLate(name: string, packages: Packages, code: string): Plugin {
  const script = `\0late:${name}`;
  const packed = gzipSync(code, { level: 9 }).toString("base64");
  const evaluate = `
    import { createRequire } from "node:module";
    import { dirname } from "node:path";
    import { fileURLToPath } from "node:url";
    import { gunzipSync } from "node:zlib";
    let loaded;
    export function load() {
      if (loaded === undefined) {
        const module = { exports: {} };
        const file = fileURLToPath(import.meta.url);
        const code = gunzipSync(Buffer.from(packed, "base64")).toString("utf8");
        const run = new Function("module", "exports", "require", "__filename", "__dirname", code);
        run(module, module.exports, createRequire(import.meta.url), file, dirname(file));
        loaded = module.exports;
      }
      return loaded;
    }
    const packed = ${JSON.stringify(packed)};`;
  return {
    name: `embed-${name}`,
    resolveId: (id) => (id in packages ? `\0${id}` : id === script ? id : null),
    load: (id) => {
      if (id === script) return evaluate;
      const used = id.startsWith("\0") ? packages[id.slice(1)] : undefined;
      if (used === undefined) return null;
      return `import { load } from ${JSON.stringify(script)}; export const { ${used.join(", ")} } = load();`;
    },
  };
}

await bundle();
