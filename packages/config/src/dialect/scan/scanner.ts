import { DocumentFault } from "../fault.ts";
import { LIMITS } from "../limits.ts";
import { scanBlockScalar } from "./block-scalar.ts";
import { Cursor, END, isAlphanumeric, isBlank } from "./cursor.ts";
import { scanAnchor, scanDirective, scanTag } from "./names.ts";
import { scanPlain } from "./plain.ts";
import { scanQuoted } from "./quoted.ts";
import type { Token, TokenType } from "./token.ts";

/** A key is recognised only at its colon, which has to be on the same line and this near. */
const LONGEST_KEY = 1024;

/** Where a key may have begun, should a colon follow. */
interface PossibleKey {
  /** Where its first token is in the list. */
  readonly token: number;
  /** Nothing but a key can stand here. */
  readonly required: boolean;
  readonly index: number;
  readonly line: number;
  readonly column: number;
}

const WHERE_NO_KEY = "If it is a key, add a colon; if it continues the text above, indent it.";

/**
 * Splits a text into tokens, with the rules of PyYAML's scanner: what is a key is known only at the colon, tabs never
 * separate tokens, and indentation matters outside of brackets only.
 */
export class Scanner {
  private readonly cursor: Cursor;
  private readonly tokens: Token[] = [];
  private readonly indents: number[] = [];
  private indent = -1;
  private readonly keys: (PossibleKey | undefined)[] = [];
  private depth = 0;
  private keyAllowed = true;

  constructor(text: string) {
    this.cursor = new Cursor(text);
  }

  scan(): Token[] {
    this.cursor.skipByteOrderMark();
    while (this.next());
    return this.tokens;
  }

  private next(): boolean {
    const { cursor } = this;
    this.skipToToken();
    this.dropStaleKeys();
    this.unwind(cursor.column);
    const code = cursor.peek();
    if (code === END) {
      this.unwind(-1);
      this.dropKey();
      this.push("end", 0);
      return false;
    }
    if (cursor.column === 0 && (code === 0x25 || cursor.atDocumentMarker())) {
      this.unwind(-1);
      this.dropKey();
      this.keyAllowed = false;
      if (code === 0x25) this.tokens.push(scanDirective(cursor));
      else this.push(code === 0x2d ? "document-start" : "document-end", 3);
      return true;
    }
    this.fetch(code);
    return true;
  }

  private fetch(code: number): void {
    // Most tokens begin with a letter, which has no other meaning.
    if (!isAlphanumeric(code)) {
      if (this.fetchIndicator(code)) return;
      if (!this.beginsPlain(code)) this.refuse(code);
    }
    this.saveKey();
    const { token, crossedLine } = scanPlain(this.cursor, this.indent + 1, this.depth > 0);
    this.keyAllowed = crossedLine;
    this.tokens.push(token);
  }

  /** Takes a token that begins with a special character; false where the character is plain text after all. */
  private fetchIndicator(code: number): boolean {
    const { cursor } = this;
    const inFlow = this.depth > 0;
    const separated = isBlank(cursor.peek(1));
    if (code === 0x5b) this.openFlow("[");
    else if (code === 0x7b) this.openFlow("{");
    else if (code === 0x5d) this.closeFlow("]");
    else if (code === 0x7d) this.closeFlow("}");
    else if (code === 0x2c) this.fetchComma();
    else if (code === 0x2d && separated) this.fetchEntry();
    else if (code === 0x3f && (inFlow || separated)) this.fetchKey();
    else if (code === 0x3a && (inFlow || separated)) this.fetchValue();
    else if (code === 0x2a || code === 0x26) this.fetchNode(scanAnchor);
    else if (code === 0x21) this.fetchNode(scanTag);
    else if (code === 0x22 || code === 0x27) this.fetchNode(scanQuoted);
    else if ((code === 0x7c || code === 0x3e) && !inFlow) this.fetchBlockScalar();
    else return false;
    return true;
  }

  private fetchComma(): void {
    this.keyAllowed = true;
    this.dropKey();
    this.push(",", 1);
  }

  private beginsPlain(code: number): boolean {
    if (code !== 0x09 && !"-?:,[]{}#&*!|>'\"%@`".includes(String.fromCharCode(code))) return true;
    return (
      !isBlank(this.cursor.peek(1)) &&
      (code === 0x2d || (this.depth === 0 && (code === 0x3f || code === 0x3a)))
    );
  }

  private refuse(code: number): never {
    if (code === 0x09) return this.cursor.fail("A tab cannot separate keys and values.", "Use spaces.");
    const shown = String.fromCharCode(code);
    return this.cursor.fail(`Text cannot begin with \`${shown}\` unless it is quoted.`, "Put it in quotes.");
  }

  private skipToToken(): void {
    for (;;) {
      this.cursor.skipSpaces();
      if (this.cursor.peek() === 0x23) this.cursor.skipLine();
      if (this.cursor.takeLineBreak() === "") return;
      if (this.depth === 0) this.keyAllowed = true;
    }
  }

  private push(type: TokenType, length: number): void {
    const start = this.cursor.index;
    this.cursor.skip(length);
    this.tokens.push({ type, start, end: this.cursor.index });
  }

  /** Puts a token before that of a key. */
  private insert(type: TokenType, { token, index }: PossibleKey): void {
    this.tokens.splice(token, 0, { type, start: index, end: index });
  }

  private saveKey(): void {
    if (!this.keyAllowed) return;
    const { index, line, column } = this.cursor;
    this.dropKey();
    const required = this.depth === 0 && this.indent === column;
    this.keys[this.depth] = { token: this.tokens.length, required, index, line, column };
  }

  private dropKey(): void {
    const key = this.keys[this.depth];
    if (key?.required) this.cursor.fail("This line has no colon.", WHERE_NO_KEY, key.index);
    this.keys[this.depth] = undefined;
  }

  private dropStaleKeys(): void {
    const { line, index } = this.cursor;
    for (let depth = 0; depth <= this.depth; depth++) {
      const key = this.keys[depth];
      if (!key || (key.line === line && index - key.index <= LONGEST_KEY)) continue;
      if (key.required) this.cursor.fail("This line has no colon.", WHERE_NO_KEY, key.index);
      this.keys[depth] = undefined;
    }
  }

  private unwind(column: number): void {
    if (this.depth > 0) return;
    while (this.indent > column) {
      this.push("block-end", 0);
      this.indent = this.indents.pop() as number;
    }
  }

  private checkDepth(): void {
    if (this.depth + this.indents.length < LIMITS.depth) return;
    const message = `The file nests deeper than ${LIMITS.depth} levels.`;
    throw new DocumentFault("limit", message, this.cursor.index, "Make it flatter.");
  }

  /** Opens a block collection if the column is a new level. */
  private deepen(column: number): boolean {
    if (this.indent >= column) return false;
    this.checkDepth();
    this.indents.push(this.indent);
    this.indent = column;
    return true;
  }

  private fetchNode(scan: (cursor: Cursor) => Token): void {
    this.saveKey();
    this.keyAllowed = false;
    this.tokens.push(scan(this.cursor));
  }

  private fetchBlockScalar(): void {
    this.keyAllowed = true;
    this.dropKey();
    this.tokens.push(scanBlockScalar(this.cursor, this.indent));
  }

  private openFlow(type: "[" | "{"): void {
    this.saveKey();
    this.checkDepth();
    this.depth += 1;
    this.keyAllowed = true;
    this.push(type, 1);
  }

  private closeFlow(type: "]" | "}"): void {
    this.dropKey();
    if (this.depth === 0)
      this.cursor.fail(`The \`${type}\` closes nothing.`, "Remove it, or put the text in quotes.");
    this.depth -= 1;
    this.keyAllowed = false;
    this.push(type, 1);
  }

  private fetchEntry(): void {
    if (this.depth === 0) {
      if (!this.keyAllowed) this.cursor.fail("A list cannot begin here.", "Begin it on a line of its own.");
      if (this.deepen(this.cursor.column)) this.push("block-sequence", 0);
    }
    this.keyAllowed = true;
    this.dropKey();
    this.push("-", 1);
  }

  private fetchKey(): void {
    if (this.depth === 0) {
      if (!this.keyAllowed) this.cursor.fail("A key cannot begin here.", "Begin it on a line of its own.");
      if (this.deepen(this.cursor.column)) this.push("block-mapping", 0);
    }
    this.keyAllowed = this.depth === 0;
    this.dropKey();
    this.push("?", 1);
  }

  private fetchValue(): void {
    const key = this.keys[this.depth];
    if (key) {
      this.keys[this.depth] = undefined;
      this.insert("?", key);
      if (this.depth === 0 && this.deepen(key.column)) this.insert("block-mapping", key);
      this.keyAllowed = false;
    } else {
      if (this.depth === 0) {
        if (!this.keyAllowed) {
          this.cursor.fail(
            "A colon cannot stand here.",
            "Put the text in quotes, or begin the key on a line of its own.",
          );
        }
        if (this.deepen(this.cursor.column)) this.push("block-mapping", 0);
      }
      this.keyAllowed = this.depth === 0;
      this.dropKey();
    }
    this.push(":", 1);
  }
}
