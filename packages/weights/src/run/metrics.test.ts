import { expect, test } from "vitest";
import { transferMetrics } from "./metrics.ts";

const STATS = {
  total_manifest_size_bytes: 5_000_000,
  total_download_time_secs: 2.5,
  total_aggregated_mb_s: 2,
  file_downloads: [
    { file_name: "/a", file_size_bytes: 4_000_000, download_time_secs: 2, download_speed_mb_s: 1.9 },
    { file_name: "/b", file_size_bytes: 1_000, download_time_secs: 0.1, download_speed_mb_s: 0.1 },
  ],
  b10fs_read_speed_mbps: null,
  b10fs_decision_to_use: false,
  b10fs_enabled: false,
  b10fs_hot_starts_files: 0,
  b10fs_hot_starts_bytes: 0,
  b10fs_cold_starts_files: 0,
  b10fs_cold_starts_bytes: 0,
  success: true,
  timestamp: 1,
};

test("the metrics have the names and buckets of the real server", () => {
  const metrics = transferMetrics(STATS, 1.25);
  const byName = new Map(metrics.map((metric) => [metric.name, metric]));
  expect([...byName.keys()].every((name) => name.startsWith("model_cache_"))).toBe(true);
  expect(byName.get("model_cache_files_downloaded_total")).toMatchObject({ type: "counter", value: 2 });
  expect(byName.get("model_cache_file_download_hidden_time_seconds")).toMatchObject({
    type: "gauge",
    value: 1.25,
  });
  expect(byName.get("model_cache_transfer_success_total")).toMatchObject({ labels: { success: "True" } });
  const times = byName.get("model_cache_file_download_time_seconds");
  expect(times).toMatchObject({ type: "histogram", observations: [2] });
  expect(times?.type === "histogram" && [times.buckets[0], times.buckets[1], times.buckets.at(-1)]).toEqual([
    0, 0.125, 1024,
  ]);
  const speeds = byName.get("model_cache_file_download_speed_mbps");
  expect(speeds?.type === "histogram" && [speeds.buckets[1], speeds.buckets.at(-1)]).toEqual([0.5, 2048]);
  expect(byName.has("model_cache_b10fs_read_speed_mbps")).toBe(false);
});
