import { type Cursor, END, isBlank, isBreak } from "./cursor.ts";
import type { Token } from "./token.ts";

const DOUBLE = 0x22;
const SINGLE = 0x27;
const BACKSLASH = 0x5c;

const ESCAPES: Readonly<Record<string, string>> = {
  "0": "\0",
  a: "\x07",
  b: "\b",
  t: "\t",
  "\t": "\t",
  n: "\n",
  v: "\v",
  f: "\f",
  r: "\r",
  e: "\x1b",
  " ": " ",
  '"': '"',
  "\\": "\\",
  "/": "/",
  N: "\x85",
  _: "\xa0",
  L: "\u2028",
  P: "\u2029",
};

const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** Reads a scalar in single or double quotes; line breaks inside fold to spaces. */
export function scanQuoted(cursor: Cursor): Token {
  const start = cursor.index;
  const quote = cursor.peek();
  cursor.skip();
  let value = takeRun(cursor, quote);
  while (cursor.peek() !== quote) {
    value += takeBlanks(cursor, start) + takeRun(cursor, quote);
  }
  cursor.skip();
  return { type: "scalar", start, end: cursor.index, value, style: "quoted" };
}

/** Takes characters up to a gap or the closing quote. One space between two words is no gap. */
function takeRun(cursor: Cursor, quote: number): string {
  let value = "";
  for (;;) {
    const from = cursor.index;
    let code = cursor.peek();
    while (
      (!isBlank(code) && code !== DOUBLE && code !== SINGLE && code !== BACKSLASH) ||
      (code === 0x20 && !isBlank(cursor.peek(1)))
    ) {
      cursor.skip();
      code = cursor.peek();
    }
    value += cursor.text.slice(from, cursor.index);
    if (quote === SINGLE && code === SINGLE && cursor.peek(1) === SINGLE) {
      value += "'";
      cursor.skip(2);
    } else if (code === BACKSLASH && quote === DOUBLE) {
      value += takeEscape(cursor);
    } else if (code !== quote && (code === DOUBLE || code === SINGLE || code === BACKSLASH)) {
      value += String.fromCharCode(code);
      cursor.skip();
    } else return value;
  }
}

function takeEscape(cursor: Cursor): string {
  const start = cursor.index;
  cursor.skip();
  if (isBreak(cursor.peek())) {
    cursor.takeLineBreak();
    return takeBreaks(cursor);
  }
  const letter = cursor.text[cursor.index] ?? "";
  cursor.skip();
  if (Object.hasOwn(ESCAPES, letter)) return ESCAPES[letter] as string;
  const width = Object.hasOwn(HEX_DIGITS, letter) ? (HEX_DIGITS[letter] as number) : 0;
  const digits = cursor.text.slice(cursor.index, cursor.index + width);
  if (
    width === 0 ||
    !/^[0-9a-f]+$/i.test(digits) ||
    digits.length !== width ||
    Number.parseInt(digits, 16) > 0x10ffff
  ) {
    const shown = JSON.stringify(cursor.text.slice(start, start + 2));
    cursor.fail(`${shown} is not an escape.`, "Write two backslashes, or use single quotes.", start);
  }
  cursor.skip(width);
  return String.fromCodePoint(Number.parseInt(digits, 16));
}

/** Takes the blanks between two runs: spaces stay, one line break becomes a space, more of them stay but one. */
function takeBlanks(cursor: Cursor, start: number): string {
  const from = cursor.index;
  while (cursor.peek() === 0x20 || cursor.peek() === 0x09) cursor.skip();
  const spaces = cursor.text.slice(from, cursor.index);
  if (cursor.peek() === END) cursor.fail("The quote is never closed.", "Add the closing quote.", start);
  const first = cursor.takeLineBreak();
  if (first === "") return spaces;
  const breaks = takeBreaks(cursor);
  if (first !== "\n") return first + breaks;
  return breaks === "" ? " " : breaks;
}

function takeBreaks(cursor: Cursor): string {
  let breaks = "";
  for (;;) {
    if (cursor.atDocumentMarker()) cursor.fail("The document ends inside quotes.", "Add the closing quote.");
    while (cursor.peek() === 0x20 || cursor.peek() === 0x09) cursor.skip();
    const taken = cursor.takeLineBreak();
    if (taken === "") return breaks;
    breaks += taken;
  }
}
