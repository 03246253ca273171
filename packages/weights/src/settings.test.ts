import { expect, test } from "vitest";
import { readSettings } from "./settings.ts";

test("without variables the defaults of the real tool hold", () => {
  expect(readSettings({})).toMatchObject({
    downloadDir: "/tmp/truss_transfer",
    weightsRoot: "/app/model_cache",
    useRanges: true,
    maxConnections: 192,
    maxConnectionsPerFile: 84,
    monitorSecs: 30,
    logLevel: "info",
    cache: { enabled: false, dir: "/cache/org/artifacts/truss_transfer_managed_v1", cleanupHours: 96 },
  });
});

test.each([
  ["true", true],
  ["1", true],
  ["YES", true],
  ["y", true],
  ["on", false],
  ["", false],
  ["0", false],
])("%j is %j", (value, expected) => {
  expect(readSettings({ TRUSS_TRANSFER_USE_RANGE_DOWNLOAD: value }).useRanges).toBe(expected);
});

test.each(["", "ture", "on", "true", "TRUE"])(
  "what is %j stays on: nothing but a clear no turns a check off",
  (value) => {
    const env = { CHAINS_TRANSFER_VERIFY: value, CHAINS_TRANSFER_SYNC: value };
    expect(readSettings(env)).toMatchObject({ verify: true, sync: true });
  },
);

test.each(["false", "0", "No", "n", "off"])("what is %j is off", (value) => {
  const env = { CHAINS_TRANSFER_VERIFY: value, CHAINS_TRANSFER_SYNC: value };
  expect(readSettings(env)).toMatchObject({ verify: false, sync: false });
});

test("the shared cache needs both of its switches", () => {
  expect(readSettings({ BASETEN_FS_ENABLED: "1" }).cache.enabled).toBe(false);
  expect(readSettings({ BASETEN_FS_ENABLED: "1", USE_BASETEN_FS_TRUSS_TRANSFER: "true" }).cache.enabled).toBe(
    true,
  );
});

test.each(["x", "-1", "0", "1e9", "3.5", ""])(
  "the number of workers %j falls back to the default",
  (value) => {
    const settings = readSettings({
      TRUSS_TRANSFER_NUM_WORKERS: value,
      TRUSS_TRANSFER_RANGE_DOWNLOAD_WORKERS: value,
    });
    expect(settings.fileWorkers).toBeUndefined();
    expect(settings.maxConnections).toBe(192);
  },
);
