import { randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";

/** The statistics file of truss-transfer, field by field. MB are 10^6 bytes except for single files, which are MiB. */
export interface TransferStats {
  readonly total_manifest_size_bytes: number;
  readonly total_download_time_secs: number;
  /** MB/s over everything downloaded; `null` when nothing was. */
  readonly total_aggregated_mb_s: number | null;
  readonly file_downloads: readonly FileDownload[];
  readonly b10fs_read_speed_mbps: number | null;
  readonly b10fs_decision_to_use: boolean;
  readonly b10fs_enabled: boolean;
  readonly b10fs_hot_starts_files: number;
  readonly b10fs_hot_starts_bytes: number;
  readonly b10fs_cold_starts_files: number;
  readonly b10fs_cold_starts_bytes: number;
  readonly success: boolean;
  /** Unix seconds. */
  readonly timestamp: number;
}

interface FileDownload {
  readonly file_name: string;
  readonly file_size_bytes: number;
  readonly download_time_secs: number;
  /** MiB/s. */
  readonly download_speed_mb_s: number;
}

/** Writes the statistics; a directory that cannot be written costs them, never the transfer. */
export async function writeStats(path: string, stats: TransferStats): Promise<boolean> {
  // By default it is in /tmp, where somebody may have planted a link at a name that can be guessed.
  const draft = `${path}.${randomUUID()}`;
  try {
    const file = await open(draft, "wx", 0o644);
    await file.writeFile(`${JSON.stringify(stats, null, 2)}\n`).finally(() => file.close());
    await rename(draft, path);
    return true;
  } catch {
    await rm(draft, { force: true }).catch(() => {});
    return false;
  }
}
