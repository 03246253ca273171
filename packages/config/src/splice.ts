/** A part of a text, and what takes its place. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Makes all the replacements at once; their offsets are those of the original. They must not overlap. */
export function applySplices(source: string, splices: readonly Splice[]): string {
  let result = "";
  let at = 0;
  for (const { start, end, text } of [...splices].sort(
    (left, right) => left.start - right.start || left.end - right.end,
  )) {
    result += source.slice(at, start) + text;
    at = end;
  }
  return result + source.slice(at);
}

/** The offset at which the line of `offset` begins; a byte order mark is no part of the first one. */
export function lineStart(source: string, offset: number): number {
  const start = source.lastIndexOf("\n", offset - 1) + 1;
  return start === 0 && source.startsWith("\uFEFF") ? 1 : start;
}

/** The offset of the line break that ends the line of `offset`, or of the end of the text. */
export function lineEnd(source: string, offset: number): number {
  const found = source.indexOf("\n", offset);
  const end = found < 0 ? source.length : found;
  return source[end - 1] === "\r" && end > offset ? end - 1 : end;
}

/** Just behind the line break that ends the line of `offset`. */
export function nextLine(source: string, offset: number): number {
  const found = source.indexOf("\n", offset);
  return found < 0 ? source.length : found + 1;
}

/** What stands before `offset` on its line, as blanks of the same width. */
export function indentAt(source: string, offset: number): string {
  return " ".repeat(offset - lineStart(source, offset));
}

/** The line break that the text uses. */
export function lineBreakOf(source: string): string {
  return source.includes("\r\n") ? "\r\n" : "\n";
}
