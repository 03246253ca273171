import { type Cursor, END, isBreak, isLineEnd } from "./cursor.ts";
import type { Token } from "./token.ts";

type Chomping = "strip" | "clip" | "keep";

/** Reads a scalar after `|` or `>`. `parentIndent` is the indentation of the collection that holds it. */
export function scanBlockScalar(cursor: Cursor, parentIndent: number): Token {
  const start = cursor.index;
  const folded = cursor.peek() === 0x3e;
  cursor.skip();
  const { chomping, increment } = takeHeader(cursor, start);
  const least = Math.max(parentIndent + 1, 1);
  let end = cursor.index;
  const leading = increment === undefined ? measureIndent(cursor) : undefined;
  const indent = increment === undefined ? Math.max(least, leading?.deepest ?? 0) : least + increment - 1;
  let { breaks } = leading ?? takeBreaks(cursor, indent);

  let value = "";
  let lastBreak = "";
  while (cursor.column === indent && cursor.peek() !== END) {
    value += breaks;
    const isText = !isSpaceOrTab(cursor.peek());
    const from = cursor.index;
    cursor.skipLine();
    value += cursor.text.slice(from, cursor.index);
    end = cursor.index;
    lastBreak = cursor.takeLineBreak();
    breaks = takeBreaks(cursor, indent).breaks;
    if (cursor.column !== indent || cursor.peek() === END) break;
    // Only between two lines of text does a break become a space; indented lines keep theirs.
    if (folded && lastBreak === "\n" && isText && !isSpaceOrTab(cursor.peek()))
      value += breaks === "" ? " " : "";
    else value += lastBreak;
  }
  if (chomping !== "strip") value += lastBreak;
  if (chomping === "keep") {
    value += breaks;
    end = cursor.index - cursor.column;
  }
  return { type: "scalar", start, end, value, style: "block" };
}

function takeHeader(cursor: Cursor, start: number): { chomping: Chomping; increment: number | undefined } {
  const header =
    /^(?:([+-])([0-9]?)|([0-9])([+-]?))?/.exec(cursor.text.slice(cursor.index, cursor.index + 2)) ?? [];
  cursor.skip(header[0]?.length ?? 0);
  const sign = header[1] ?? header[4];
  const digit = header[2] ?? header[3];
  const increment = digit ? Number(digit) : undefined;
  const hasRest = !(cursor.peek() === 0x20 || isLineEnd(cursor.peek()));
  if (increment === 0 || hasRest) {
    cursor.fail(
      "The header of a block of text is wrong.",
      "Write `|` or `>`, then at most one digit and + or -.",
      start,
    );
  }
  cursor.skipSpaces();
  if (cursor.peek() === 0x23) cursor.skipLine();
  if (!isLineEnd(cursor.peek())) {
    cursor.fail("A block of text begins on the line after `|` or `>`.", "Move the text down.");
  }
  cursor.takeLineBreak();
  return { chomping: sign === "+" ? "keep" : sign === "-" ? "strip" : "clip", increment };
}

/** Takes blank lines, and the spaces of the first line of text; tells the deepest indentation seen. */
function measureIndent(cursor: Cursor): { breaks: string; deepest: number } {
  let breaks = "";
  let deepest = 0;
  for (;;) {
    if (cursor.peek() === 0x20) {
      cursor.skip();
      deepest = Math.max(deepest, cursor.column);
    } else if (isBreak(cursor.peek())) {
      breaks += cursor.takeLineBreak();
    } else return { breaks, deepest };
  }
}

function takeBreaks(cursor: Cursor, indent: number): { breaks: string } {
  let breaks = "";
  for (;;) {
    while (cursor.column < indent && cursor.peek() === 0x20) cursor.skip();
    const taken = cursor.takeLineBreak();
    if (taken === "") return { breaks };
    breaks += taken;
  }
}

function isSpaceOrTab(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
