import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { mountedServices } from "./mounted-services.ts";

let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "mounted-services-"));
  file = join(dir, "dynamic_chainlet_config");
  onTestFinished(() => rmSync(dir, { recursive: true }));
});

test("the addresses are read when someone asks, and stay", () => {
  const services = mountedServices(dir);
  writeFileSync(file, '{"Embed":{"predict_url":"http://a"}}');
  expect(services().get("Embed")).toEqual({ predictUrl: "http://a" });
  writeFileSync(file, "{}");
  expect(services().get("Embed")).toEqual({ predictUrl: "http://a" });
});

test.each([
  ["is not there", undefined],
  ["is no JSON", "{"],
  ["has an entry without an address", '{"Embed":{}}'],
])("a file that %s is named", (_, text) => {
  if (text !== undefined) writeFileSync(file, text);
  expect(mountedServices(dir)).toThrow(
    expect.objectContaining({ code: "DEPENDENCY_NOT_CONFIGURED", location: { file } }),
  );
});
