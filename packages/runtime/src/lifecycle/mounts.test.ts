import { expect, test } from "vitest";
import { mountedAt, resolveMounts } from "./mounts.ts";

test("without any variable, the mounts are those of the platform", () => {
  expect(resolveMounts({})).toEqual({
    dynamicConfigDir: "/etc/b10_dynamic_config",
    secretsDir: "/secrets",
    weightsRoot: undefined,
    appHome: "/app",
    host: "0.0.0.0",
    port: undefined,
    drainSeconds: 9,
  });
});

test("PORT sets the port", () => {
  expect(resolveMounts({ PORT: "8123" }).port).toBe(8123);
  expect(resolveMounts({ PORT: "" }).port).toBeUndefined();
});

test.each([
  [{ PORT: "http" }, 'PORT is "http", which is not a port, a whole number up to 65535.'],
  [{ PORT: "70000" }, 'PORT is "70000", which is not a port, a whole number up to 65535.'],
  [{ CHAINS_DRAIN_SECONDS: "9s" }, 'CHAINS_DRAIN_SECONDS is "9s", which is not a number of seconds.'],
])("a variable that makes no sense is refused: %j", (env, message) => {
  expect(() => resolveMounts(env)).toThrow(expect.objectContaining({ code: "STARTUP_FAILED", message }));
});

test("in a truss image PORT is the proxy's, not ours", () => {
  expect(resolveMounts({ PORT: "8080", SERVER_START_CMD: "supervisord" }).port).toBeUndefined();
});

test("a weights root stands in for the model cache's root, too", () => {
  expect(mountedAt("/data/w", "/app/model_cache/llama")).toBe("/data/w/llama");
});

test("a weights root stands in for the file system's root above mounts", () => {
  const { weightsRoot } = resolveMounts({ CHAINS_WEIGHTS_ROOT: "/data/w" });
  expect(mountedAt(weightsRoot, "/models/llama")).toBe("/data/w/models/llama");
  expect(mountedAt(resolveMounts({}).weightsRoot, "/models/llama")).toBe("/models/llama");
});
