import { describe, expect, test } from "vitest";
import { checkCpu } from "../rules/cpu.ts";
import { Fault } from "../rules/fault.ts";
import { checkMemory, memoryInBytes } from "../rules/memory.ts";
import { parseAccelerator } from "./resources.ts";

describe("cpu", () => {
  test.each(["1", "500m", "1e3", " 1 ", "1_0", "nan", "m", "٣"])("%j is accepted", (cpu) => {
    expect(checkCpu(cpu)).toBeUndefined();
  });
  test.each(["", "1K", "0x1", "1__0", "500M", "one"])("%j is refused", (cpu) => {
    expect(checkCpu(cpu)).toBeInstanceOf(Fault);
  });
});

describe("memory", () => {
  test.each([
    ["2Gi", 2 * 2 ** 30],
    ["1.5k", 1500],
    ["1e3", 1000],
    ["512", 512],
    ["1_000", 1000],
    ["Gi", undefined],
    ["nan", undefined],
  ])("%j is %j bytes", (memory, bytes) => {
    expect(checkMemory(memory)).toBeUndefined();
    expect(memoryInBytes(memory)).toBe(bytes);
  });
  test.each(["1K", "2gi", "2 Gi", "", "1m", "2GiB"])("%j is refused", (memory) => {
    expect(checkMemory(memory)).toBeInstanceOf(Fault);
  });
  test("a unit in the wrong case is told the right one", () => {
    expect(checkMemory("2gi")?.fix).toBe('Did you mean "Gi"?');
  });
});

describe("accelerators", () => {
  test.each([
    ["A100", "A100", 1],
    [" H100:8 ", "H100", 8],
    ["A100:2:3", "A100", 1],
    ["RTX_PRO_6000:02", "RTX_PRO_6000", 2],
  ])("%j is %s, %i of it", (text, type, count) => {
    expect(parseAccelerator(text)).toEqual({ type, count });
  });
  test.each(["", ":2", "a100", "A100:0", "A100:", "A100: 2", "A100:-1", "A100:²"])(
    "%j is refused",
    (text) => {
      expect(parseAccelerator(text)).toBeInstanceOf(Fault);
    },
  );
  test("a name in the wrong case is told the right one", () => {
    expect((parseAccelerator("h100-40gb") as Fault).fix).toBe('Did you mean "H100_40GB"?');
  });
});
