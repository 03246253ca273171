import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { ensureMetadata } from "../authoring/metadata.ts";
import { Chainlet, ChainletBase } from "../index.ts";
import { describePlace, locate } from "./locate.ts";
import { SOURCE_FACTS_KEY, type SourceFacts } from "./source-facts.ts";

const thisFile = fileURLToPath(import.meta.url);

@Chainlet()
class Here extends ChainletBase {}

test("a class is found in its file by the stack of its decorator", () => {
  const { file, line, className } = locate(Here);
  expect({ file, className }).toEqual({ file: thisFile, className: "Here" });
  expect(describePlace(Here)).toBe(`${thisFile}:${line}`);
});

function withStack(...frames: string[]) {
  class Somewhere {}
  ensureMetadata(Somewhere).stack = ["Error", ...frames.map((frame) => `    at ${frame}`)].join("\n");
  return locate(Somewhere);
}

test.each([
  ["a plain frame", "/app/chain.ts:3:7"],
  ["a frame in a function", "Module.load (/app/chain.ts:3:7)"],
  ["a file URL", "file:///app/chain.ts:3:7"],
  ["a file URL in a function", "async load (file:///app/chain.ts:3:7)"],
])("%s is understood", (_, frame) => {
  expect(withStack(frame)).toMatchObject({ file: "/app/chain.ts", line: 3, column: 7 });
});

test("spaces in a path are kept, escapes in a URL are undone", () => {
  expect(withStack("/my app/chain.ts:3:7").file).toBe("/my app/chain.ts");
  expect(withStack("file:///my%20app/chain.ts:3:7").file).toBe("/my app/chain.ts");
});

test("decorator helpers and installed packages are passed over", () => {
  const location = withStack(
    "__decorate (/app/chain.ts:1:100)",
    "_ts_decorate (/app/chain.ts:1:200)",
    "Reflect.decorate (/app/node_modules/reflect-metadata/Reflect.js:9:9)",
    "/app/node_modules/tslib/tslib.js:5:5",
    "node:internal/modules/run_main:1:1",
    "/app/chain.ts:12:1",
    "/app/main.ts:1:1",
  );
  expect(location).toMatchObject({ file: "/app/chain.ts", line: 12, column: 1 });
});

test("a user's own folder may be called like ours", () => {
  expect(withStack("/shop/packages/core/chain.ts:3:7").file).toBe("/shop/packages/core/chain.ts");
});

test("without a known place only the names are told", () => {
  expect(withStack("<anonymous>")).toEqual({ className: "Somewhere" });
  expect(locate(class Never {}, "runRemote")).toEqual({ className: "Never", member: "runRemote" });
  expect(describePlace(class Never {})).toBe("an unknown place");
});

test("what the source tells goes before the stack, to the member and the column", () => {
  const facts: SourceFacts = {
    file: "/app/chain.ts",
    line: 10,
    column: 1,
    members: { runRemote: { line: 20, column: 3 } },
    constructorParameters: undefined,
    constructions: [],
  };
  @Chainlet()
  class Search extends ChainletBase {}
  Object.defineProperty(Search, Symbol.for(SOURCE_FACTS_KEY), { value: facts });
  const place = { file: "/app/chain.ts", className: "Search" };
  expect(locate(Search)).toEqual({ ...place, line: 10, column: 1 });
  expect(locate(Search, "runRemote")).toEqual({ ...place, member: "runRemote", line: 20, column: 3 });
  expect(locate(Search, "other")).toEqual({ ...place, member: "other", line: 10, column: 1 });
  expect(locate(Search, "runRemote", { line: 21, column: 9 })).toMatchObject({ line: 21, column: 9 });
  class Derived extends Search {}
  expect(locate(Derived).line).toBeUndefined();
});
