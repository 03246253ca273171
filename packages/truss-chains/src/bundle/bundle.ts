import { rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { sdk } from "../server/runtime.ts";
import { asScript } from "./as-script.ts";
import { ascii } from "./ascii.ts";
import { bundleFile } from "./bundle-file.ts";
import { lazyRequires } from "./lazy-requires.ts";
import { type FilePackage, fileOf, packageFiles, writePackageFile } from "./package-files.ts";
import { sdkModule } from "./sdk-module.ts";

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

// Only the few servers with cached weights load the engine that fetches them; it is a file of its own beside those.
const WEIGHTS = "@truss-chains/weights";
// The weights program holds the clients of the clouds; what starts it in a thread needs none of them.
const CLOUD_CLIENTS = [
  "@aws-sdk/client-s3",
  "@aws-sdk/s3-request-presigner",
  "@azure/storage-blob",
  "@google-cloud/storage",
  "oxc-parser",
];

// Packages that a server needs after it is ready, or never.
const ZOD: FilePackage = { name: "zod", names: ["NEVER", "unknown"] }; // For `ndarray()`; a chain brings its own.
const LATER: readonly FilePackage[] = [
  // The whole of it is twice as large, most of it an implementation of fetch.
  { name: "undici", modules: { Client: "lib/dispatcher/client.js" } },
  { name: "ws" },
  { name: "pino" },
  { name: "prom-client" },
  { name: "@opentelemetry/api" },
  ZOD,
];

// What costs milliseconds to load and is not needed until the server is called.
const LAZY = [
  "node:crypto",
  "node:module",
  "node:worker_threads",
  "node:fs/promises",
  "node:timers/promises",
  `./${fileOf(ZOD)}`,
];

// What lies beside a server. A build copies all that is there.
const FOLDER = "server-runtime";
await rm(at(FOLDER), { recursive: true, force: true });
await Promise.all(LATER.map((found) => writePackageFile(found, at(FOLDER))));

await bundleFile(
  {
    input: at("server/runtime.js"),
    external: [WEIGHTS],
    plugins: [packageFiles(LATER), ascii(), asScript()],
    resolve: { alias: { "@truss-chains/testing": at("server/testing.js") } },
  },
  // A script cannot import.
  { file: at(`${FOLDER}/runtime.js`), format: "cjs", dynamicImportInCjs: false, intro: lazyRequires(LAZY) },
);

const LOADER = "runtime.mjs";
await bundleFile({ input: at("server/load-runtime.js") }, { file: at(`${FOLDER}/${LOADER}`), format: "esm" });
await bundleFile(
  {
    input: at("server/cache-code.js"),
    plugins: [
      {
        name: "loader",
        resolveId: (id) => (id === "./load-runtime.js" ? { id: `./${LOADER}`, external: true } : null),
      },
    ],
  },
  { file: at(`${FOLDER}/cache-code.mjs`), format: "esm" },
);
await writeFile(at("server-sdk.mjs"), sdkModule(Object.keys(sdk), `./${FOLDER}/${LOADER}`));

await bundleFile(
  { input: at("server/weights.js"), external: CLOUD_CLIENTS },
  { file: at("server-weights.mjs"), format: "esm" },
);
