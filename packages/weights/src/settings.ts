/** The environment variables of truss-transfer and ours, read once. */
export interface Settings {
  readonly downloadDir: string;
  readonly weightsRoot: string;
  readonly manifestRoot: string | undefined;
  readonly secretsDir: string;
  readonly statsFile: string;
  readonly logLevel: LogLevel;
  /** Files in progress at once; `undefined` leaves it to the engine. */
  readonly fileWorkers: number | undefined;
  readonly useRanges: boolean;
  /** Most connections, over all files and per file. */
  readonly maxConnections: number;
  readonly maxConnectionsPerFile: number;
  readonly monitorSecs: number;
  readonly readAfterDownload: boolean;
  readonly cache: CacheSettings;
  /** How far a finished file is flushed before it gets its name. */
  readonly sync: boolean;
  /** Whether content is compared with its hash; off only where something else checks it. */
  readonly verify: boolean;
}

export interface CacheSettings {
  readonly enabled: boolean;
  readonly dir: string;
  readonly cleanupHours: number;
  /** GiB that files of other manifests may take; `undefined` sets no limit. */
  readonly maxStaleGb: number | undefined;
  /** MB/s that the cache must beat; `undefined` picks one at random, as the real tool does. */
  readonly thresholdMbps: number | undefined;
}

export const LOG_LEVELS = ["error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

type Env = Readonly<Record<string, string | undefined>>;

/** Numbers that do not parse fall back to the default, as in the real tool. */
export function readSettings(env: Env): Settings {
  const text = (name: string, fallback: string) => env[name] || fallback;
  return {
    downloadDir: text("TRUSS_TRANSFER_DOWNLOAD_DIR", "/tmp/truss_transfer"),
    weightsRoot: text("CHAINS_WEIGHTS_ROOT", "/app/model_cache"),
    manifestRoot: env.CHAINS_MANIFEST_ROOT || undefined,
    secretsDir: text("CHAINS_SECRETS_DIR", "/secrets"),
    statsFile: text("CHAINS_TRANSFER_STATS_FILE", "/tmp/truss_transfer_stats.json"),
    logLevel: logLevel(env.TRUSS_TRANSFER_LOG || env.RUST_LOG),
    fileWorkers: count(env.TRUSS_TRANSFER_NUM_WORKERS, 255),
    useRanges: truthy(env.TRUSS_TRANSFER_USE_RANGE_DOWNLOAD, true),
    maxConnections: count(env.TRUSS_TRANSFER_RANGE_DOWNLOAD_WORKERS) ?? 192,
    maxConnectionsPerFile: count(env.TRUSS_TRANSFER_RANGE_DOWNLOAD_WORKERS_PER_FILE) ?? 84,
    monitorSecs: count(env.TRUSS_TRANSFER_DOWNLOAD_MONITOR_SECS) ?? 30,
    readAfterDownload: truthy(env.TRUSS_TRANSFER_PAGE_AFTER_DOWNLOAD, false),
    sync: !refused(env.CHAINS_TRANSFER_SYNC),
    verify: !refused(env.CHAINS_TRANSFER_VERIFY),
    cache: {
      enabled: truthy(env.BASETEN_FS_ENABLED, false) && truthy(env.USE_BASETEN_FS_TRUSS_TRANSFER, false),
      dir: text("TRUSS_TRANSFER_CACHE_DIR", "/cache/org/artifacts/truss_transfer_managed_v1"),
      cleanupHours: number(env.TRUSS_TRANSFER_B10FS_CLEANUP_HOURS) ?? 96,
      maxStaleGb: number(env.TRUSS_TRANSFER_B10FS_MAX_STALE_CACHE_SIZE_GB),
      thresholdMbps: number(env.TRUSS_TRANSFER_B10FS_DOWNLOAD_SPEED_MBPS),
    },
  };
}

/** As the real tool reads its switches. */
function truthy(value: string | undefined, fallback: boolean): boolean {
  if (value === undefined) return fallback;
  return ["true", "1", "yes", "y"].includes(value.toLowerCase());
}

/** For what keeps files whole: only a clear no turns it off, never a slip. */
function refused(value: string | undefined): boolean {
  return ["false", "0", "no", "n", "off"].includes(value?.toLowerCase() ?? "");
}

function number(value: string | undefined): number | undefined {
  if (value === undefined || !/^\d+(\.\d+)?$/.test(value.trim())) return undefined;
  return Number(value);
}

function count(value: string | undefined, most = Number.MAX_SAFE_INTEGER): number | undefined {
  const parsed = number(value);
  return parsed !== undefined && Number.isInteger(parsed) && parsed >= 1 && parsed <= most
    ? parsed
    : undefined;
}

function logLevel(value: string | undefined): LogLevel {
  const level = value?.toLowerCase() === "trace" ? "debug" : value?.toLowerCase();
  return LOG_LEVELS.find((known) => known === level) ?? "info";
}
