import { basename } from "node:path";
import { createTwoFilesPatch } from "diff";
import type { Terminal } from "../output/terminal.ts";
import type { FileMigration } from "./migration.ts";

/** The change of a file as a unified diff. */
export function diffOf({ file, before, after }: FileMigration): string {
  const name = basename(file);
  const patch = createTwoFilesPatch(`${name} (original)`, `${name} (migrated)`, before, after, "", "", {
    context: 3,
  });
  return patch.replace(/^=+\n/, "");
}

export function colorDiff(diff: string, { red, green, cyan, bold }: Terminal["style"]): string {
  const paint = (line: string): string => {
    if (line.startsWith("---") || line.startsWith("+++")) return bold(line);
    if (line.startsWith("@@")) return cyan(line);
    if (line.startsWith("-")) return red(line);
    return line.startsWith("+") ? green(line) : line;
  };
  return diff.trimEnd().split("\n").map(paint).join("\n");
}
