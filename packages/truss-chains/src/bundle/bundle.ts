import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { sdk } from "../server-runtime.ts";
import { bundleFile } from "./bundle-file.ts";
import { type ColdPackage, coldModules } from "./cold-modules.ts";
import { lazyBuiltins } from "./lazy-builtins.ts";
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
const COLD: readonly ColdPackage[] = [
  ...["undici", "ws", "pino", "prom-client"].map((name) => ({ name, imported: "dynamic" as const })),
  // For `ndarray()` alone; a chain that uses zod itself brings its own.
  { name: "zod", imported: { static: "z" } },
];

// Parts of Node that cost milliseconds to load and that a server does not need until it is called.
const LAZY = ["node:crypto", "node:zlib", "node:vm", "node:fs/promises", "node:timers/promises"];

const runtime = { input: at("server-runtime.js"), external: [WEIGHTS], plugins: [await coldModules(COLD)] };
await bundleFile(runtime, { file: at("server-runtime.cjs"), format: "cjs", intro: lazyBuiltins(LAZY) });

await writeFile(at("server-sdk.mjs"), sdkModule(Object.keys(sdk)));

await bundleFile(
  { input: at("server-weights.js"), external: CLOUD_CLIENTS },
  { file: at("server-weights.mjs"), format: "esm" },
);
