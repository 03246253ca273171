import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import colors from "picocolors";
import { describe, expect, onTestFinished, test } from "vitest";
import { CodeFrames } from "./code-frame.ts";

/** The frame of a place in a file with this text. */
async function frameOf(
  text: string,
  line: number,
  column: number,
  columns = Number.POSITIVE_INFINITY,
): Promise<readonly string[]> {
  const directory = await mkdtemp(join(tmpdir(), "chains-frame-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const file = join(directory, "file");
  await writeFile(file, text);
  return new CodeFrames({ style: colors.createColors(false), columns }).at({ file, line, column });
}

describe("the lines around a place", () => {
  test("have a mark below it, also behind tabs and a byte order mark", async () => {
    expect(await frameOf("\uFEFFa: 1\n\tb: 2\r\nc: 3\n", 2, 2)).toEqual([
      "    1 | a: 1",
      "  > 2 | \tb: 2",
      "      | \t^",
      "    3 | c: 3",
    ]);
    expect(await frameOf("\uFEFFa: 1\n", 1, 4)).toEqual(["  > 1 | a: 1", "      |    ^", "    2 |"]);
  });

  test("are those of a file with any line breaks", async () => {
    expect(await frameOf("a\rb\rc", 3, 1)).toEqual(["    2 | b", "  > 3 | c", "      | ^"]);
  });

  test("are a part of a line that is very long", async () => {
    const [line, mark] = await frameOf(`${"x".repeat(1000)}!${"y".repeat(1_000_000)}`, 1, 1001);
    expect(line).toHaveLength("  > 1 | ".length + 162);
    expect(line!.indexOf("!")).toBe(mark!.indexOf("^"));
    expect(line).toMatch(/ …x+!y+…$/);
    const [near, below] = await frameOf(`${"x".repeat(120)}!${"y".repeat(500)}`, 1, 121);
    expect(near!.indexOf("!")).toBe(below!.indexOf("^"));
  });

  test("fit into the terminal, so that the mark stays below its place", async () => {
    const text = `${"x".repeat(30)}\n${"y".repeat(100)}!${"z".repeat(100)}\n${"x".repeat(200)}`;
    for (const columns of [40, 80, 120]) {
      const frame = await frameOf(text, 2, 101, columns);
      for (const line of frame) expect(line.length).toBeLessThanOrEqual(columns);
      expect(frame[1]!.indexOf("!")).toBe(frame[2]!.indexOf("^"));
    }
  });

  test("cannot steer the terminal", async () => {
    expect(await frameOf("a\u001b[2Jb", 1, 1)).toEqual(["  > 1 | a\uFFFD[2Jb", "      | ^"]);
  });
});
