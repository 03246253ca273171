import type { CacheCounts } from "../cache/b10-cache.ts";
import { openCache } from "../cache/open-cache.ts";
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
  const { settings, onEvent = () => {}, signal = new AbortController().signal } = options;
  const started = performance.now();
  const warned = new Set<string>();
  const warn = (message: string) => {
    if (warned.has(message)) return;
    warned.add(message);
    onEvent({ type: "warning", message });
  };
  const context = sourceContext(settings, options.env, warn);
  const manifests = options.manifests ?? (await readManifests(manifestPaths(settings.manifestRoot)));
  const files = await planRun(manifests, settings, context, signal);
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  onEvent({ type: "start", files: files.length, bytes });

  const decision = await openCache(settings.cache, files, warn);
  // Replicas that start together fetch different files first, and find each other's in the cache.
  if (decision.cache !== null) shuffle(files);
  const reports: FileReport[] = [];
  const finish = async (success: boolean) => {
    const seconds = (performance.now() - started) / 1000;
    const stats = summarize({
      bytes,
      seconds,
      reports,
      success,
      counts: decision.cache?.counts,
      decision,
      enabled: settings.cache.enabled,
    });
    if (!(await writeStats(settings.statsFile, stats)))
      warn(`The statistics ${settings.statsFile} cannot be written.`);
    return stats;
  };
  try {
    for (const [root, group] of byRoot(files)) {
      reports.push(
        ...(await transferInto(root, group, {
          onEvent,
          signal,
          useRanges: settings.useRanges,
          maxConnections: settings.maxConnections,
          maxConnectionsPerFile: settings.maxConnectionsPerFile,
          maxFiles: settings.fileWorkers,
          sync: settings.sync,
          verify: settings.verify,
          threads: THREADS,
          cache: decision.cache,
          ...options.overrides,
        })),
      );
    }
  } catch (error) {
    await finish(false);
    throw error;
  }
  if (settings.readAfterDownload) await readIntoPageCache(reports.map(({ path }) => path));
  const stats = await finish(true);
  onEvent({ type: "done", files: files.length, bytes, seconds: stats.total_download_time_secs });
  return { dir: manifests.length === 0 ? "" : settings.downloadDir, files: reports, stats };
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

function shuffle<T>(items: T[]): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [items[i], items[j]] = [items[j]!, items[i]!];
  }
}

function summarize(run: {
  readonly bytes: number;
  readonly seconds: number;
  readonly reports: readonly FileReport[];
  readonly success: boolean;
  readonly counts: CacheCounts | undefined;
  readonly decision: { readonly readSpeedMbps: number | null; readonly read: boolean };
  readonly enabled: boolean;
}): TransferStats {
  const fetched = run.reports.filter((report) => report.from === "origin");
  const fetchedBytes = fetched.reduce((sum, { size }) => sum + size, 0);
  return {
    total_manifest_size_bytes: run.bytes,
    total_download_time_secs: run.seconds,
    total_aggregated_mb_s: fetchedBytes > 0 ? fetchedBytes / 1e6 / run.seconds : null,
    file_downloads: fetched.map(({ path, size, seconds }) => ({
      file_name: path,
      file_size_bytes: size,
      download_time_secs: seconds,
      download_speed_mb_s: seconds > 0 ? size / 1024 ** 2 / seconds : 0,
    })),
    b10fs_read_speed_mbps: run.decision.readSpeedMbps,
    b10fs_decision_to_use: run.decision.read,
    b10fs_enabled: run.enabled,
    b10fs_hot_starts_files: run.counts?.hotFiles ?? 0,
    b10fs_hot_starts_bytes: run.counts?.hotBytes ?? 0,
    b10fs_cold_starts_files: run.counts?.coldFiles ?? 0,
    b10fs_cold_starts_bytes: run.counts?.coldBytes ?? 0,
    success: run.success,
    timestamp: Math.floor(Date.now() / 1000),
  };
}
