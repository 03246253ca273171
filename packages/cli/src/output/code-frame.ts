import { readFile } from "node:fs/promises";
import type { Location } from "@truss-chains/errors";
import type { Terminal } from "./terminal.ts";

const CONTEXT = 1;
/** The most characters of a line that are shown; a file may be one line of megabytes. */
const WIDTH = 160;
/** The fewest, however narrow the terminal is. */
const LEAST_WIDTH = 20;
const ELLIPSIS = "…";

/** The lines around places in files. Each file is read once, however many places are in it. */
export class CodeFrames {
  readonly #style: Terminal["style"];
  readonly #columns: number;
  readonly #files = new Map<string, Promise<readonly string[] | undefined>>();

  constructor({ style, columns }: Pick<Terminal, "style" | "columns">) {
    this.#style = style;
    this.#columns = columns;
  }

  /** Nothing where the place has no line, or its file cannot be read: it may be gone by now. */
  async at(location: Location | undefined): Promise<readonly string[]> {
    if (location?.file === undefined || location.line === undefined) return [];
    const lines = await this.#linesOf(location.file);
    if (!lines || location.line > lines.length) return [];
    return this.#draw(lines, location.line, location.column);
  }

  #draw(lines: readonly string[], line: number, column: number | undefined): string[] {
    const style = this.#style;
    const first = Math.max(1, line - CONTEXT);
    const last = Math.min(lines.length, line + CONTEXT);
    const width = String(last).length;
    // A line that the terminal would break has its mark below something else.
    const room = this.#columns - "  > ".length - width - " | ……".length;
    const part = { column: column ?? 1, width: Math.max(LEAST_WIDTH, Math.min(WIDTH, room)) };
    const frame: string[] = [];
    for (let at = first; at <= last; at++) {
      const isIt = at === line;
      const gutter = `${isIt ? ">" : " "} ${String(at).padStart(width)} |`;
      frame.push(
        `  ${isIt ? style.red(gutter) : style.dim(gutter)} ${excerpt(lines[at - 1]!, part)}`.trimEnd(),
      );
      if (isIt && column !== undefined) {
        const indent = excerpt(lines[at - 1]!, part, column - 1).replace(/[^\t]/g, " ");
        frame.push(`  ${style.dim(`  ${" ".repeat(width)} |`)} ${indent}${style.red("^")}`);
      }
    }
    return frame;
  }

  #linesOf(file: string): Promise<readonly string[] | undefined> {
    const known = this.#files.get(file);
    if (known) return known;
    const lines = readFile(file, "utf8").then(
      (text) => text.replace(/^\uFEFF/, "").split(/\r\n|[\r\n]/),
      () => undefined,
    );
    this.#files.set(file, lines);
    return lines;
  }
}

/** The part of a line around a column, unless all of it fits; up to another place in it. */
function excerpt(
  line: string,
  { column, width }: { column: number; width: number },
  to = Number.POSITIVE_INFINITY,
): string {
  const start = line.length <= width ? 0 : Math.max(0, column - Math.floor(width / 2));
  const end = start + width;
  const lead = start > 0 ? ELLIPSIS : "";
  const tail = Math.min(line.length, to) > end ? ELLIPSIS : "";
  return lead + visible(line.slice(start, Math.min(end, to))) + tail;
}

/** What is in a file must not steer the terminal. */
function visible(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  return text.replace(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g, "\uFFFD");
}
