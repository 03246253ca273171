import { expect, test } from "vitest";
import type { WeightsPlan } from "../plan/plan.ts";
import { lockDrift, requireNoDrift } from "./drift.ts";
import { createLockfile, renderLockfile } from "./lockfile.ts";
import { parseLockfile } from "./parse-lockfile.ts";

function plan(change: { revision?: string; files?: readonly [string, number, string][] } = {}): WeightsPlan {
  const files = change.files ?? [
    ["onnx/model.onnx", 3_000_000, "ab".repeat(32)],
    ["config.json", 480, "cd".repeat(32)],
  ];
  const source = {
    demand: {
      reference: { provider: "hf", repoId: "owner/repo", revision: "main" },
      folder: "m",
      secretName: null,
      allow: ["*.json", "onnx/*"],
      ignore: null,
    },
    source: "hf://owner/repo@main",
    revision: change.revision ?? "c".repeat(40),
    pinned: false,
    files: files.map(([path, size, hash]) => ({
      path,
      size,
      hash,
      hashtype: "sha256",
      lastModified: null,
    })),
    bytes: 0,
    error: null,
  };
  return {
    sources: [source],
    files: 2,
    bytes: 0,
    freeBytes: 0,
    fits: true,
    warnings: [],
  } as unknown as WeightsPlan;
}

test("it is readable, and the same whatever the order of the listing", () => {
  const text = renderLockfile(createLockfile(plan()));
  expect(text).toMatchInlineSnapshot(`
    "{
      "lockfile_version": 1,
      "sources": [
        {
          "source": "hf://owner/repo@main",
          "revision": "cccccccccccccccccccccccccccccccccccccccc",
          "allow_patterns": ["*.json","onnx/*"],
          "ignore_patterns": null,
          "files": [
            {"path":"config.json","size":480,"hash":"sha256:cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"},
            {"path":"onnx/model.onnx","size":3000000,"hash":"sha256:abababababababababababababababababababababababababababababababab"}
          ]
        }
      ]
    }
    "
  `);
  const reversed = plan({
    files: plan()
      .sources[0]!.files.map(({ path, size, hash }) => [path, size, hash] as [string, number, string])
      .reverse(),
  });
  expect(renderLockfile(createLockfile(reversed))).toBe(text);
  expect(parseLockfile(text, "chains.lock")).toEqual(createLockfile(plan()));
});

test("an empty one is valid JSON, too", () => {
  const empty = createLockfile({ ...plan(), sources: [] });
  expect(parseLockfile(renderLockfile(empty), "chains.lock")).toEqual(empty);
});

test("every kind of drift is told", () => {
  const locked = createLockfile(plan());
  expect(lockDrift(locked, createLockfile(plan()))).toEqual([]);
  const now = createLockfile(
    plan({
      revision: "d".repeat(40),
      files: [
        ["config.json", 481, "cd".repeat(32)],
        ["new.json", 1, "ef".repeat(32)],
      ],
    }),
  );
  expect(lockDrift(locked, now)).toEqual([
    `hf://owner/repo@main was ${"c".repeat(40)}, and is ${"d".repeat(40)} now.`,
    "config.json of hf://owner/repo@main has changed.",
    "hf://owner/repo@main has the new file new.json.",
    "hf://owner/repo@main has lost the file onnx/model.onnx.",
  ]);
  expect(lockDrift({ lockfile_version: 1, sources: [] }, locked)).toEqual([
    "hf://owner/repo@main is not locked.",
  ]);
  expect(lockDrift(locked, { lockfile_version: 1, sources: [] })).toEqual([
    "hf://owner/repo@main is locked, and no longer used.",
  ]);
  expect(() => requireNoDrift(locked, now, "chains.lock")).toThrow(
    expect.objectContaining({ code: "LOCKFILE_DRIFT" }),
  );
});

test.each(["", "[]", "null", '{"lockfile_version": 2}', '{"lockfile_version": 1, "sources": [{}]}'])(
  "%j is not one",
  (text) => {
    expect(() => parseLockfile(text, "chains.lock")).toThrow(
      expect.objectContaining({ code: "WEIGHTS_LOCKFILE_INVALID", location: { file: "chains.lock" } }),
    );
  },
);

test.each([
  [{ files: [{ path: "a", size: 1, hash: "sha256:abc" }] }, /impossible entry of hf:\/\/o\/r@main: .*"a"/],
  [{ files: [{ path: "a", size: 1, hash: "etag:.." }] }, /impossible entry/],
  [{ files: [{ path: "a", size: -1, hash: "etag:a" }] }, /impossible entry/],
  [{ files: [null] }, /impossible entry/],
  [{ files: {} }, /does not list the files of hf:\/\/o\/r@main/],
  [{ allow_patterns: 7 }, /patterns of hf:\/\/o\/r@main/],
  [{ revision: null }, /no revision of hf:\/\/o\/r@main/],
  [{ source: 7 }, /source number 1/],
])("a source changed by hand to %j is refused, and named", (change, message) => {
  const source = {
    source: "hf://o/r@main",
    revision: "",
    allow_patterns: null,
    ignore_patterns: null,
    files: [],
  };
  const text = JSON.stringify({ lockfile_version: 1, sources: [{ ...source, ...change }] });
  expect(() => parseLockfile(text, "chains.lock")).toThrow(
    expect.objectContaining({ code: "WEIGHTS_LOCKFILE_INVALID", message: expect.stringMatching(message) }),
  );
});
