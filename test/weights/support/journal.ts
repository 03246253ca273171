import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Pointer } from "@truss-chains/weights";

export interface FinishedRange {
  /** Of the file at the origin. */
  readonly path: string | undefined;
  readonly start: number;
  readonly end: number;
}

/** The ranges that an interrupted transfer into `dir/target` had finished; files are `/<file_name>` at their origin. */
export async function finishedRanges(dir: string, pointers: readonly Pointer[]): Promise<FinishedRange[]> {
  const text = await readFile(join(dir, "target", ".truss-transfer", "journal"), "utf8").catch(() => "");
  const paths = new Map(
    pointers.map(({ file_name, size, hash }) => [
      createHash("sha256")
        .update(JSON.stringify([file_name, size, hash]))
        .digest("hex")
        .slice(0, 32),
      `/${file_name}`,
    ]),
  );
  return text.split("\n").flatMap((line) => {
    // The last line may be torn.
    const [, id, start, end] = /^\["range","(\w+)",(\d+),(\d+)\]$/.exec(line) ?? [];
    return id === undefined ? [] : [{ path: paths.get(id), start: Number(start), end: Number(end) }];
  });
}
