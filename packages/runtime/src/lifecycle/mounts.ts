import { join } from "node:path";
import { ChainsError } from "@truss-chains/errors";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the platform's files are on this machine, and where to listen. */
export interface Mounts {
  /** Holds `dynamic_chainlet_config` and `environment`. */
  readonly dynamicConfigDir: string;
  /** One file per secret. */
  readonly secretsDir: string;
  /** Stands in for `/` above weights mounts; undefined on the platform, where they are what they say. */
  readonly weightsRoot: string | undefined;
  readonly appHome: string;
  readonly host: string;
  /** Undefined leaves the port to the chainlet's config. */
  readonly port: number | undefined;
  /** How long a shutdown may wait for requests under way. */
  readonly drainSeconds: number;
}

// Supervisor kills a program 10 seconds after SIGTERM: stop just before, so that the last answers still leave.
const DRAIN_SECONDS = 9;

/** Reads the environment variables of the runtime, once. @throws ChainsError `STARTUP_FAILED` for one that makes no sense */
export function resolveMounts(env: Environment): Mounts {
  return {
    dynamicConfigDir: env.CHAINS_DYNAMIC_CONFIG_DIR || "/etc/b10_dynamic_config",
    secretsDir: env.CHAINS_SECRETS_DIR || "/secrets",
    weightsRoot: env.CHAINS_WEIGHTS_ROOT || undefined,
    appHome: env.CHAINS_APP_HOME || "/app",
    host: env.CHAINS_HOST || "0.0.0.0",
    port: portOf(env),
    drainSeconds: readNumber(env, "CHAINS_DRAIN_SECONDS", isDuration, "a number of seconds") ?? DRAIN_SECONDS,
  };
}

/** Where volume folders are on the platform; the weights root stands in for it, as it does for `/`. */
const MODEL_CACHE = "/app/model_cache/";

/** Where a weights mount location is on this machine. @param weightsRoot as in `Mounts` */
export function mountedAt(weightsRoot: string | undefined, mountLocation: string): string {
  if (weightsRoot === undefined) return mountLocation;
  const isCached = mountLocation.startsWith(MODEL_CACHE);
  return join(weightsRoot, isCached ? mountLocation.slice(MODEL_CACHE.length) : mountLocation);
}

/**
 * In a truss image (which sets `SERVER_START_CMD`) the platform sets `PORT` to the port of its own proxy; listening
 * there would collide with it.
 */
function portOf(env: Environment): number | undefined {
  if (env.SERVER_START_CMD !== undefined) return undefined;
  return readNumber(env, "PORT", isPort, "a port, a whole number up to 65535");
}

const isPort = (value: number) => Number.isInteger(value) && value >= 0 && value < 65536;
const isDuration = (value: number) => Number.isFinite(value) && value > 0;

function readNumber(
  env: Environment,
  name: string,
  isValid: (value: number) => boolean,
  kind: string,
): number | undefined {
  const text = env[name]?.trim();
  if (!text) return undefined;
  if (isValid(Number(text))) return Number(text);
  throw new ChainsError("STARTUP_FAILED", `${name} is ${JSON.stringify(text)}, which is not ${kind}.`, {
    fix: `Correct the environment variable ${name}, or leave it out.`,
  });
}
