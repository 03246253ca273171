import { DocumentFault } from "../fault.ts";

/** Code of a character that ends the text. The text itself cannot hold it: it is not printable. */
export const END = 0;

const BYTE_ORDER_MARK = 0xfeff;

/** A place in a text that is being read. */
export class Cursor {
  readonly text: string;
  index = 0;
  line = 0;
  private lineStart = 0;

  constructor(text: string) {
    this.text = text;
  }

  get column(): number {
    return this.index - this.lineStart;
  }

  /** The code of the character `ahead` places on; `END` behind the last one. */
  peek(ahead = 0): number {
    return codeAt(this.text, this.index + ahead);
  }

  /** Moves on within a line. */
  skip(count = 1): void {
    this.index += count;
  }

  /** Takes a byte order mark, which counts only at the very start and is no column of the first line. */
  skipByteOrderMark(): void {
    if (this.index > 0 || this.peek() !== BYTE_ORDER_MARK) return;
    this.index = 1;
    this.lineStart = 1;
  }

  skipSpaces(): void {
    while (this.peek() === 0x20) this.index += 1;
  }

  /** Moves to the end of the line. */
  skipLine(): void {
    while (!isLineEnd(this.peek())) this.index += 1;
  }

  /** Takes a line break and gives it normalised; the empty text where there is none. */
  takeLineBreak(): string {
    const code = this.peek();
    if (!isBreak(code)) return "";
    this.index += code === 0x0d && this.peek(1) === 0x0a ? 2 : 1;
    this.line += 1;
    this.lineStart = this.index;
    return code === 0x2028 || code === 0x2029 ? String.fromCharCode(code) : "\n";
  }

  /** True at a line that holds `---` or `...` alone or before a blank. */
  atDocumentMarker(): boolean {
    const code = this.peek();
    return (
      (code === 0x2d || code === 0x2e) &&
      this.peek(1) === code &&
      this.peek(2) === code &&
      isBlank(this.peek(3))
    );
  }

  fail(message: string, fix?: string, offset = this.index): never {
    throw new DocumentFault("syntax", message, offset, fix);
  }
}

/** The code of the character at an offset; `END` behind the last one. */
export function codeAt(text: string, offset: number): number {
  return offset < text.length ? text.charCodeAt(offset) : END;
}

/** The line breaks of YAML 1.1. */
export function isBreak(code: number): boolean {
  return code === 0x0a || code === 0x0d || code === 0x85 || code === 0x2028 || code === 0x2029;
}

export function isLineEnd(code: number): boolean {
  return code === END || isBreak(code);
}

/** A space, tab or line break, or the end of the text. */
export function isBlank(code: number): boolean {
  // Asked of every character, so that the printable ones of ASCII, which most are, take two comparisons.
  if (code > 0x20 && code < 0x7f) return false;
  return code === 0x20 || code === 0x09 || isLineEnd(code);
}

/** `[0-9A-Za-z]` */
export function isAlphanumeric(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39);
}

/** `[0-9A-Za-z_-]` */
export function isWordCharacter(code: number): boolean {
  return isAlphanumeric(code) || code === 0x5f || code === 0x2d;
}
