import { expect, test } from "vitest";
import type { TransferProgress } from "../transfer/events.ts";
import { formatBytes, formatSeconds, printable } from "./format.ts";
import { jsonReporter, lineReporter, terminalReporter } from "./reporter.ts";

const PROGRESS: TransferProgress = {
  type: "progress",
  bytes: 250e6,
  totalBytes: 1e9,
  files: 1,
  totalFiles: 3,
  bytesPerSecond: 50e6,
  secondsLeft: 15,
  current: [{ file: "m/model.bin", bytes: 200e6, size: 800e6 }],
};

test("sizes and times read like speech", () => {
  expect([0, 999, 1000, 1.25e9, 5e12].map(formatBytes)).toEqual([
    "0 B",
    "999 B",
    "1.0 kB",
    "1.3 GB",
    "5.0 TB",
  ]);
  expect([0.4, 59, 61, 3700].map(formatSeconds)).toEqual(["0 s", "59 s", "1 min 1 s", "1 h 1 min"]);
});

test("names from outside cannot drive the terminal", () => {
  expect(printable("a\u001b[2Jb\nc")).toBe("a\ufffd[2Jb\ufffdc");
});

test("logs get a line of progress now and then", () => {
  let now = 0;
  let output = "";
  const reporter = lineReporter((text) => (output += text), {
    level: "info",
    progressEveryMs: 30_000,
    now: () => now,
  });
  for (now = 0; now <= 60_000; now += 250) reporter.event(PROGRESS);
  expect(output.split("\n").filter(Boolean)).toEqual(
    Array(2).fill("INFO 250.0 MB of 1.0 GB, 1 of 3 files, 50.0 MB/s, 15 s left"),
  );
});

test("the level silences what is below it", () => {
  let output = "";
  const reporter = lineReporter((text) => (output += text), { level: "warn", progressEveryMs: 0 });
  reporter.event({ type: "start", files: 1, bytes: 1 });
  reporter.event({ type: "retry", file: "a", reason: "reset", waitMs: 300 });
  expect(output).toBe("WARN a: trying again in 300 ms, reset\n");
});

test("a terminal shows the total and the files in progress, and is left clean", () => {
  const writes: string[] = [];
  const reporter = terminalReporter((text) => void writes.push(text), { columns: 100, level: "info" });
  reporter.event(PROGRESS);
  expect(writes.at(-1)).toBe(
    "[======                  ] 250.0 MB of 1.0 GB, 1 of 3 files, 50.0 MB/s, 15 s left\n" +
      "  [===         ] m/model.bin 200.0 MB of 800.0 MB\n",
  );
  reporter.event({ type: "warning", message: "careful" });
  expect(writes.join("")).toContain("WARN careful\n");
  reporter.end();
  expect(writes.at(-1)).toBe("\u001b[1A\u001b[2K\u001b[1A\u001b[2K");
});

test("machines get one JSON document a line", () => {
  let output = "";
  const reporter = jsonReporter((text) => (output += text));
  reporter.event(PROGRESS);
  expect(JSON.parse(output)).toEqual(PROGRESS);
});
