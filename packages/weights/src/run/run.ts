import { type CacheDecision, NO_CACHE, openCache } from "../cache/open-cache.ts";
import { shareSignal } from "../control/share-signal.ts";
import { manifestPaths, readManifests } from "../manifest/locations.ts";
import type { Manifest } from "../manifest/pointer.ts";
import type { Settings } from "../settings.ts";
import type { SourceContext } from "../sources/fetcher.ts";
import type { OnTransferEvent } from "../transfer/events.ts";
import { type FileReport, type TransferOptions, transferInto } from "../transfer/transfer.ts";
import type { TransferFile } from "../transfer/transfer-file.ts";
import { readIntoPageCache } from "./page-cache.ts";
import { planRun } from "./plan-run.ts";
import { type TransferStats, writeStats } from "./stats.ts";

const THREADS = 2;

export interface RunOptions {
  readonly settings: Settings;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Instead of those at the search paths. */
  readonly manifests?: readonly Manifest[];
  readonly onEvent?: OnTransferEvent;
  readonly signal?: AbortSignal;
  /** For tests and unusual networks. */
  readonly overrides?: Partial<Pick<TransferOptions, "threads" | "stallMs" | "freeBytes">>;
}

export interface RunResult {
  /** The download directory; the empty string when there is no manifest. */
  readonly dir: string;
  readonly files: readonly FileReport[];
  readonly stats: TransferStats;
}

/**
 * What truss-transfer does: reads the manifests, puts every file they name in place, writes the statistics. Without a
 * manifest there is nothing to do, which is a success.
 *
 * @throws ChainsError the first thing that cannot be recovered from; the statistics then say so, too
 */
export async function runTransfer(options: RunOptions): Promise<RunResult> {
  const { settings, onEvent = () => {} } = options;
  const signal = shareSignal(options.signal ?? new AbortController().signal);
  const started = performance.now();
  const warned = new Set<string>();
  const warn = (message: string) => {
    if (warned.has(message)) return;
    warned.add(message);
    onEvent({ type: "warning", message });
  };
  const run: Run = { files: [], decision: NO_CACHE, reports: [] };
  const finish = async (success: boolean) => {
    const stats = summarize(run, settings, (performance.now() - started) / 1000, success);
    if (!(await writeStats(settings.statsFile, stats)))
      warn(`The statistics ${settings.statsFile} cannot be written.`);
    return stats;
  };
  let dir: string;
  try {
    const manifests = options.manifests ?? (await readManifests(manifestPaths(settings.manifestRoot)));
    dir = manifests.length === 0 ? "" : settings.downloadDir;
    run.files = await planRun(manifests, settings, sourceContext(settings, options.env, warn), signal);
    onEvent({ type: "start", files: run.files.length, bytes: totalBytes(run.files) });
    run.decision = await openCache(settings.cache, run.files, warn);
    await fetchAll(run, { ...options, onEvent, signal });
  } catch (error) {
    await finish(false);
    throw error;
  }
  if (settings.readAfterDownload) {
    const paths = run.reports.map(({ path }) => path);
    await readIntoPageCache(paths, signal).catch((error: NodeJS.ErrnoException) =>
      warn(`${error.path ?? "A file"} was not read into memory: ${error.code ?? error.message}.`),
    );
  }
  const stats = await finish(true);
  const { total_manifest_size_bytes: bytes, total_download_time_secs: seconds } = stats;
  onEvent({ type: "done", files: run.files.length, bytes, seconds });
  return { dir, files: run.reports, stats };
}

/** How far a run is. */
interface Run {
  files: readonly TransferFile[];
  decision: CacheDecision;
  readonly reports: FileReport[];
}

async function fetchAll(
  { files, decision: { cache }, reports }: Run,
  { settings, onEvent, signal, overrides }: RunOptions & Pick<TransferOptions, "onEvent" | "signal">,
): Promise<void> {
  // Replicas that start together fetch different files first, and find each other's in the cache.
  for (const [root, group] of byRoot(cache === null ? files : shuffled(files))) {
    const done = await transferInto(root, group, {
      onEvent,
      signal,
      useRanges: settings.useRanges,
      maxConnections: settings.maxConnections,
      maxConnectionsPerFile: settings.maxConnectionsPerFile,
      maxFiles: settings.fileWorkers,
      sync: settings.sync,
      verify: settings.verify,
      threads: THREADS,
      cache,
      ...overrides,
    });
    // Not as arguments of one call: their number has a limit that large manifests exceed.
    for (const report of done) reports.push(report);
  }
}

export function sourceContext(
  settings: Pick<Settings, "secretsDir">,
  env: SourceContext["env"],
  warn: (message: string) => void,
): SourceContext {
  return { env, secrets: { dir: settings.secretsDir, env }, warn };
}

function byRoot(files: readonly TransferFile[]): Map<string, TransferFile[]> {
  const groups = new Map<string, TransferFile[]>();
  for (const file of files) {
    const group = groups.get(file.root);
    if (group === undefined) groups.set(file.root, [file]);
    else group.push(file);
  }
  return groups;
}

function shuffled<T>(items: readonly T[]): T[] {
  const mixed = [...items];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [mixed[i], mixed[j]] = [mixed[j]!, mixed[i]!];
  }
  return mixed;
}

function totalBytes(files: readonly { readonly size: number }[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}

function summarize(
  { files, decision, reports }: Run,
  settings: Settings,
  seconds: number,
  success: boolean,
): TransferStats {
  const fetched = reports.filter((report) => report.from === "origin");
  const fetchedBytes = totalBytes(fetched);
  const counts = decision.cache?.counts;
  return {
    total_manifest_size_bytes: totalBytes(files),
    total_download_time_secs: seconds,
    total_aggregated_mb_s: fetchedBytes > 0 ? fetchedBytes / 1e6 / seconds : null,
    file_downloads: fetched.map((report) => ({
      file_name: report.path,
      file_size_bytes: report.size,
      download_time_secs: report.seconds,
      download_speed_mb_s: report.seconds > 0 ? report.size / 1024 ** 2 / report.seconds : 0,
    })),
    b10fs_read_speed_mbps: decision.readSpeedMbps,
    b10fs_decision_to_use: decision.read,
    b10fs_enabled: settings.cache.enabled,
    b10fs_hot_starts_files: counts?.hotFiles ?? 0,
    b10fs_hot_starts_bytes: counts?.hotBytes ?? 0,
    b10fs_cold_starts_files: counts?.coldFiles ?? 0,
    b10fs_cold_starts_bytes: counts?.coldBytes ?? 0,
    success,
    timestamp: Math.floor(Date.now() / 1000),
  };
}
