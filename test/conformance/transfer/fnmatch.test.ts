import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fnmatch } from "../../../packages/weights/src/patterns/fnmatch.ts";
import { temporaryDirectory } from "../../weights/support/temp.ts";
import { python, runPython } from "./support.ts";

const ORACLE = `
import fnmatch, json, sys
print(json.dumps([fnmatch.fnmatchcase(n, p) for n, p in json.load(open(sys.argv[1]))]))
`;

const character = fc.constantFrom(..."abzAZ019*?[]!-^\\/.&~|", "é", "😀", "\n");
const text = fc.array(character, { maxLength: 9 }).map((parts) => parts.join(""));
const name = fc
  .array(fc.constantFrom(..."abzAZ019-!^]/.\\", "é", "😀", "\n"), { maxLength: 6 })
  .map((parts) => parts.join(""));

describe.skipIf(python === undefined)("with Python's fnmatchcase", () => {
  test("patterns select the same names", async () => {
    const dir = await temporaryDirectory();
    const cases = fc.sample(fc.tuple(name, text), 30_000);
    await writeFile(join(dir, "cases.json"), JSON.stringify(cases));
    const expected: boolean[] = await runPython(ORACLE, [join(dir, "cases.json")]);
    const different = cases.filter(([name, pattern], i) => fnmatch(name, pattern) !== expected[i]);
    expect(different).toEqual([]);
    expect(expected.filter(Boolean).length).toBeGreaterThan(100);
  });
});
