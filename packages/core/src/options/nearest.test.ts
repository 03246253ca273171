import fc from "fast-check";
import { expect, test } from "vitest";
import { nearest } from "./nearest.ts";

const KNOWN = ["cpuCount", "memory", "gpu", "gpuCount", "predictConcurrency", "instanceType"];

test.each([
  ["cpu_count", "cpuCount"],
  ["CPUCOUNT", "cpuCount"],
  ["memroy", "memory"],
  ["gpus", "gpu"],
  ["predict_concurrency", "predictConcurrency"],
  ["instance", "instanceType"],
  ["cpu", "cpuCount"],
  ["GPU", "gpu"],
])("%s most likely means %s", (typed, meant) => {
  expect(nearest(typed, KNOWN)).toBe(meant);
});

test("a name that is like no other gets no suggestion", () => {
  expect(nearest("replicas", KNOWN)).toBeUndefined();
  expect(nearest("anything", [])).toBeUndefined();
});

test("a known name is nearest to itself", () => {
  fc.assert(fc.property(fc.constantFrom(...KNOWN), (name) => nearest(name, KNOWN) === name));
});

test("one letter too few or too many is always understood", () => {
  const names = fc.string({ minLength: 4, maxLength: 12, unit: fc.constantFrom(..."abcdef") });
  fc.assert(
    fc.property(names, fc.nat(), fc.constantFrom("", "x"), (name, at, put) => {
      const index = at % name.length;
      const typed = name.slice(0, index) + put + name.slice(put === "" ? index + 1 : index);
      expect(nearest(typed, [name])).toBe(name);
    }),
  );
});
