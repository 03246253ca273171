import type { TransferStats } from "./stats.ts";

/** One metric as plain data, under the name that the real server publishes, ready for any Prometheus client. */
export type MetricSample =
  | { readonly type: "gauge"; readonly name: string; readonly help: string; readonly value: number }
  | {
      readonly type: "counter";
      readonly name: string;
      readonly help: string;
      readonly value: number;
      readonly labels: Readonly<Record<string, string>>;
    }
  | {
      readonly type: "histogram";
      readonly name: string;
      readonly help: string;
      /** Upper bounds, without the infinite one. */
      readonly buckets: readonly number[];
      readonly observations: readonly number[];
    };

const SECONDS = [0, ...Array.from({ length: 14 }, (_, i) => 2 ** (i - 3))];
const SPEEDS = [0, ...Array.from({ length: 13 }, (_, i) => 2 ** (i - 1))];
/** Smaller files say nothing about speed. */
const TELLING_BYTES = 1024 * 1024;

/** @param hiddenSeconds how long the transfer ran before anybody waited for it */
export function transferMetrics(stats: TransferStats, hiddenSeconds: number): MetricSample[] {
  const telling = stats.file_downloads.filter((file) => file.file_size_bytes > TELLING_BYTES);
  const gauge = (name: string, help: string, value: number): MetricSample => ({
    type: "gauge",
    name: `model_cache_${name}`,
    help,
    value,
  });
  const counter = (name: string, help: string, value: number, labels = {}): MetricSample => ({
    type: "counter",
    name: `model_cache_${name}`,
    help,
    value,
    labels,
  });
  const histogram = (
    name: string,
    help: string,
    buckets: number[],
    observations: number[],
  ): MetricSample => ({
    type: "histogram",
    name: `model_cache_${name}`,
    help,
    buckets,
    observations,
  });
  const optional = (name: string, help: string, value: number | null) =>
    value === null ? [] : [gauge(name, help, value)];
  return [
    gauge("manifest_size_bytes", "Size of everything in the manifests", stats.total_manifest_size_bytes),
    histogram("download_time_seconds", "Time of the whole transfer", SECONDS, [
      stats.total_download_time_secs,
    ]),
    ...optional("download_speed_mbps", "Speed of the whole transfer in MB/s", stats.total_aggregated_mb_s),
    counter("files_downloaded_total", "Files downloaded", stats.file_downloads.length),
    counter(
      "file_size_bytes_total",
      "Bytes downloaded",
      stats.file_downloads.reduce((sum, file) => sum + file.file_size_bytes, 0),
    ),
    gauge("file_download_hidden_time_seconds", "Transfer time that nobody waited for", hiddenSeconds),
    histogram(
      "file_download_time_seconds",
      "Time of each file above 1 MiB",
      SECONDS,
      telling.map((file) => file.download_time_secs),
    ),
    histogram(
      "file_download_speed_mbps",
      "Speed of each file above 1 MiB",
      SPEEDS,
      telling.map((file) => file.download_speed_mb_s),
    ),
    gauge("b10fs_enabled", "Whether the shared cache is on", Number(stats.b10fs_enabled)),
    gauge("b10fs_decision_to_use", "Whether the shared cache was read", Number(stats.b10fs_decision_to_use)),
    ...optional("b10fs_read_speed_mbps", "Measured speed of the shared cache", stats.b10fs_read_speed_mbps),
    gauge("b10fs_hot_starts_files", "Files found in the shared cache", stats.b10fs_hot_starts_files),
    gauge("b10fs_hot_starts_bytes", "Bytes found in the shared cache", stats.b10fs_hot_starts_bytes),
    gauge("b10fs_cold_starts_files", "Files missing in the shared cache", stats.b10fs_cold_starts_files),
    gauge("b10fs_cold_starts_bytes", "Bytes missing in the shared cache", stats.b10fs_cold_starts_bytes),
    counter("transfer_success_total", "Transfers by result", 1, {
      success: stats.success ? "True" : "False",
    }),
  ];
}
