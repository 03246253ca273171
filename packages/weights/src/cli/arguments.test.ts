import { expect, test } from "vitest";
import { readArguments } from "./arguments.ts";

test("the first argument is the directory, further ones mean nothing", () => {
  expect(readArguments(["/data", "other"])).toEqual({ dir: "/data", json: false, help: false });
  expect(readArguments([])).toEqual({ dir: undefined, json: false, help: false });
});

test("options may stand anywhere, and unknown ones are no directories", () => {
  expect(readArguments(["--json", "/data"])).toEqual({ dir: "/data", json: true, help: false });
  expect(readArguments(["--quiet"])).toEqual({ dir: undefined, json: false, help: false });
  expect(readArguments(["/data", "-h"])).toEqual({ dir: "/data", json: false, help: true });
});
