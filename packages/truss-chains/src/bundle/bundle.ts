import { rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { sdk } from "../server-runtime.ts";
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
const ZOD: FilePackage = { name: "zod", imported: ["NEVER", "unknown"] }; // For `ndarray()`; a chain brings its own.
const LATER: readonly FilePackage[] = [
  // The whole of it is twice as large, most of it an implementation of fetch.
  { name: "undici", imported: "dynamic", modules: { Client: "lib/dispatcher/client.js" } },
  ...["ws", "pino", "prom-client", "@opentelemetry/api"].map((name) => ({
    name,
    imported: "dynamic" as const,
  })),
  ZOD,
];
const FOLDER = "server-packages";

// What costs milliseconds to load and is not needed until the server is called.
const LAZY = [
  "node:crypto",
  "node:module",
  "node:worker_threads",
  "node:fs/promises",
  "node:timers/promises",
  `./${FOLDER}/${fileOf(ZOD)}`,
];

// A build copies all that is there.
await rm(at(FOLDER), { recursive: true, force: true });
await Promise.all(LATER.map((found) => writePackageFile(found, at(FOLDER))));
const runtime = {
  input: at("server-runtime.js"),
  external: [WEIGHTS],
  plugins: [packageFiles(LATER, `./${FOLDER}`), ascii()],
  resolve: { alias: { "@truss-chains/testing": at("server-testing.js") } },
};
await bundleFile(runtime, { file: at("server-runtime.cjs"), format: "cjs", intro: lazyRequires(LAZY) });

await writeFile(at("server-sdk.mjs"), sdkModule(Object.keys(sdk)));

await bundleFile(
  { input: at("server-weights.js"), external: CLOUD_CLIENTS },
  { file: at("server-weights.mjs"), format: "esm" },
);
