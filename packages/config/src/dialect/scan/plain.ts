import { type Cursor, isBlank, isBreak } from "./cursor.ts";
import type { Token } from "./token.ts";

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
  while (cursor.peek() !== HASH) {
    const from = cursor.index;
    while (!endsPlain(cursor, inFlow)) cursor.skip();
    if (cursor.index === from) break;
    crossedLine = false;
    value += gap + cursor.text.slice(from, cursor.index);
    end = cursor.index;
    const line = cursor.line;
    const next = takeGap(cursor);
    crossedLine = cursor.line !== line;
    if (next === undefined || next === "" || (!inFlow && cursor.column < indent)) break;
    gap = next;
  }
  return { token: { type: "scalar", start, end, value, style: "plain" }, crossedLine };
}

function endsPlain(cursor: Cursor, inFlow: boolean): boolean {
  const code = cursor.peek();
  if (isBlank(code)) return true;
  if (code === COLON) {
    const next = cursor.peek(1);
    return isBlank(next) || (inFlow && (next === 0x2c || isBracket(next)));
  }
  return inFlow && (code === 0x2c || code === 0x3f || isBracket(code));
}

function isBracket(code: number): boolean {
  return code === 0x5b || code === 0x5d || code === 0x7b || code === 0x7d;
}

/** Takes spaces and line breaks. Undefined at the end of the document; tabs are no gap. */
function takeGap(cursor: Cursor): string | undefined {
  const from = cursor.index;
  cursor.skipSpaces();
  const spaces = cursor.text.slice(from, cursor.index);
  const first = cursor.takeLineBreak();
  if (first === "") return spaces;
  if (cursor.atDocumentMarker()) return undefined;
  let breaks = "";
  while (cursor.peek() === 0x20 || isBreak(cursor.peek())) {
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
