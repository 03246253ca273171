import { type Cursor, codeAt, isBlank, isBreak } from "./cursor.ts";
import type { Token } from "./token.ts";

const SPACE = 0x20;
const COLON = 0x3a;
const HASH = 0x23;

/** A plain scalar, and whether it went over a line end, after which a key may begin. */
export interface PlainScalar {
  readonly token: Token;
  readonly crossedLine: boolean;
}

/** Reads a scalar without quotes. In block context its further lines are indented by at least `indent`. */
export function scanPlain(cursor: Cursor, indent: number, inFlow: boolean): PlainScalar {
  const start = cursor.index;
  let end = start;
  let value = "";
  let gap = "";
  let crossedLine = false;
  for (;;) {
    const from = cursor.index;
    const to = endOfText(cursor.text, from, inFlow);
    if (to === from) break;
    value += gap + cursor.text.slice(from, to);
    end = to;
    cursor.skip(to - from);
    cursor.skipSpaces();
    const { line } = cursor;
    const fold = takeFold(cursor);
    crossedLine = cursor.line !== line;
    if (fold === undefined || (!inFlow && cursor.column < indent)) break;
    gap = fold;
  }
  return { token: { type: "scalar", start, end, value, style: "plain" }, crossedLine };
}

/** Where the text that begins at `from` ends on its line, without the spaces behind it. */
function endOfText(text: string, from: number, inFlow: boolean): number {
  let end = from;
  let at = from;
  for (;;) {
    const word = at;
    if (codeAt(text, at) === HASH) return end;
    while (!endsPlain(text, at, inFlow)) at += 1;
    if (at === word) return end;
    end = at;
    while (codeAt(text, at) === SPACE) at += 1;
    if (at === end) return end;
  }
}

function endsPlain(text: string, at: number, inFlow: boolean): boolean {
  const code = codeAt(text, at);
  if (isBlank(code)) return true;
  if (code === COLON) {
    const next = codeAt(text, at + 1);
    return isBlank(next) || (inFlow && (next === 0x2c || isBracket(next)));
  }
  return inFlow && (code === 0x2c || code === 0x3f || isBracket(code));
}

function isBracket(code: number): boolean {
  return code === 0x5b || code === 0x5d || code === 0x7b || code === 0x7d;
}

/** Takes line breaks and the spaces after them. Undefined where there are none, and at the end of the document. */
function takeFold(cursor: Cursor): string | undefined {
  const first = cursor.takeLineBreak();
  if (first === "" || cursor.atDocumentMarker()) return undefined;
  let breaks = "";
  while (cursor.peek() === SPACE || isBreak(cursor.peek())) {
    const taken = cursor.takeLineBreak();
    if (taken === "") cursor.skip();
    else {
      breaks += taken;
      if (cursor.atDocumentMarker()) return undefined;
    }
  }
  if (first !== "\n") return first + breaks;
  return breaks === "" ? " " : breaks;
}
