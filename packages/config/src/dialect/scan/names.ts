import { type Cursor, isBlank, isLineEnd, isWordCharacter } from "./cursor.ts";
import type { Token } from "./token.ts";

/** Reads `&name` or `*name`. */
export function scanAnchor(cursor: Cursor): Token {
  const start = cursor.index;
  const type = cursor.peek() === 0x2a ? "alias" : "anchor";
  cursor.skip();
  const value = takeWord(cursor);
  const next = cursor.peek();
  if (value === "" || !(isBlank(next) || "?:,]}%@`".includes(String.fromCharCode(next)))) {
    cursor.fail(`The name of an ${type} has to be letters, digits, \`-\` and \`_\`.`, quoteIt(type), start);
  }
  return { type, start, end: cursor.index, value };
}

function quoteIt(type: "alias" | "anchor"): string {
  return `If no ${type} is meant, put the text in quotes.`;
}

/** Reads a tag: `!`, `!name`, `!!name`, `!handle!name` or `!<uri>`. */
export function scanTag(cursor: Cursor): Token {
  const start = cursor.index;
  const next = cursor.peek(1);
  let handle: string | undefined;
  let value = "!";
  if (next === 0x3c) {
    cursor.skip(2);
    value = takeUri(cursor, start);
    if (cursor.peek() !== 0x3e) cursor.fail("The tag does not end with `>`.", undefined, start);
    cursor.skip();
  } else if (isBlank(next)) {
    cursor.skip();
  } else {
    handle = hasHandle(cursor) ? takeHandle(cursor, start) : "!";
    if (handle === "!") cursor.skip();
    value = takeUri(cursor, start);
  }
  if (!(cursor.peek() === 0x20 || isLineEnd(cursor.peek()))) {
    cursor.fail("The tag is not followed by a space.", "If no tag is meant, put the text in quotes.", start);
  }
  return { type: "tag", start, end: cursor.index, value, handle };
}

/** True if the tag has a second `!`. */
function hasHandle(cursor: Cursor): boolean {
  for (let ahead = 1; ; ahead++) {
    const code = cursor.peek(ahead);
    if (code === 0x21) return true;
    if (code === 0x20 || isLineEnd(code)) return false;
  }
}

/** Takes `!!` or `!name!`; of `! …` only looks, as the caller takes the one `!`. */
function takeHandle(cursor: Cursor, start: number): string {
  const from = cursor.index;
  if (cursor.peek() !== 0x21) cursor.fail("The handle of a tag begins with `!`.", undefined, start);
  cursor.skip();
  takeWord(cursor);
  if (cursor.peek() !== 0x21) cursor.fail("The handle of a tag ends with `!`.", undefined, start);
  cursor.skip();
  return cursor.text.slice(from, cursor.index);
}

function takeWord(cursor: Cursor): string {
  const from = cursor.index;
  while (isWordCharacter(cursor.peek())) cursor.skip();
  return cursor.text.slice(from, cursor.index);
}

const URI_PUNCTUATION = "-;/?:@&=+$,_.!~*'()[]";

function takeUri(cursor: Cursor, start: number): string {
  let uri = "";
  for (;;) {
    const code = cursor.peek();
    if (code === 0x25) uri += takeEscapes(cursor, start);
    else if (code !== 0 && (isWordCharacter(code) || URI_PUNCTUATION.includes(String.fromCharCode(code)))) {
      uri += String.fromCharCode(code);
      cursor.skip();
    } else break;
  }
  if (uri === "") cursor.fail("The tag has no name.", "If no tag is meant, put the text in quotes.", start);
  return uri;
}

function takeEscapes(cursor: Cursor, start: number): string {
  const from = cursor.index;
  while (cursor.peek() === 0x25) {
    if (!/^[0-9a-f]{2}$/i.test(cursor.text.slice(cursor.index + 1, cursor.index + 3))) {
      cursor.fail("A % in a tag needs two hexadecimal digits.", undefined, start);
    }
    cursor.skip(3);
  }
  try {
    return decodeURIComponent(cursor.text.slice(from, cursor.index));
  } catch {
    return cursor.fail("The escapes of the tag are not UTF-8.", undefined, start);
  }
}

/** Reads a line such as `%YAML 1.1` or `%TAG ! tag:example.com:`. */
export function scanDirective(cursor: Cursor): Token {
  const start = cursor.index;
  cursor.skip();
  const value = takeWord(cursor);
  if (value === "" || !(cursor.peek() === 0x20 || isLineEnd(cursor.peek()))) {
    cursor.fail("The line begins with %, but it is no directive.", "Put the text in quotes.", start);
  }
  const parts = directiveArguments(cursor, value, start);
  const end = cursor.index;
  cursor.skipSpaces();
  if (cursor.peek() === 0x23) cursor.skipLine();
  if (!isLineEnd(cursor.peek())) cursor.fail("Nothing may follow a directive on its line.", undefined, start);
  cursor.takeLineBreak();
  return { type: "directive", start, end, value, arguments: parts };
}

function directiveArguments(cursor: Cursor, name: string, start: number): string[] {
  if (name === "YAML") {
    cursor.skipSpaces();
    const version = /^\d+\.\d+(?=[ \r\n\x85\u2028\u2029]|$)/.exec(
      cursor.text.slice(cursor.index, cursor.index + 64),
    )?.[0];
    if (version === undefined)
      return cursor.fail("The version is not a number such as 1.1.", undefined, start);
    cursor.skip(version.length);
    return [version];
  }
  if (name === "TAG") {
    cursor.skipSpaces();
    const handle = cursor.peek(1) === 0x20 && cursor.peek() === 0x21 ? "!" : takeHandle(cursor, start);
    if (handle === "!") cursor.skip();
    if (cursor.peek() !== 0x20) cursor.fail("A handle is followed by a space.", undefined, start);
    cursor.skipSpaces();
    const prefix = takeUri(cursor, start);
    if (!(cursor.peek() === 0x20 || isLineEnd(cursor.peek())))
      cursor.fail("The prefix is no URI.", undefined, start);
    return [handle, prefix];
  }
  cursor.skipLine();
  return [];
}
