import { CODE_CACHER, RUNTIME_FOLDER } from "../bundle/server-runtime.ts";
import { WEIGHTS_PROGRAM, WEIGHTS_STARTER } from "../bundle/weights-files.ts";

/** Where things are in the image of a code chainlet, and how its server is reached. */
export const SERVER = {
  /** Not 8080: the platform's proxy listens there. */
  port: 8000,
  endpoints: { predict: "/predict", readiness: "/ready", liveness: "/live" },
  /** Debian with Python 3.11, which the platform's build needs, and the current LTS of Node. */
  image: "node:24-bookworm",
  /** The platform copies the truss's data directory here. */
  dataDir: "/app/data",
  startCommand: 'sh -c "exec node /app/data/server.mjs"',
  /** Has the image keep V8's compiled form of the runtime. */
  cacheCommand: `node /app/data/${RUNTIME_FOLDER}/${CODE_CACHER}`,
} as const;

/** Secret with the key for calls to other chainlets; every code chainlet may read it. */
export const API_KEY_SECRET = "baseten_chain_api_key";

/** Files that the build itself puts into the data directory. */
export const RESERVED_DATA_FILES = [
  "server.mjs",
  "server.mjs.map",
  RUNTIME_FOLDER,
  WEIGHTS_STARTER,
  WEIGHTS_PROGRAM,
  "package.json",
  "package-lock.json",
  "node_modules",
];
