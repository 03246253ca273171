/** The words of YAML. `block-…` tokens stand for changes of the indentation; they have no text of their own. */
export type TokenType =
  | "directive"
  | "document-start"
  | "document-end"
  | "block-sequence"
  | "block-mapping"
  | "block-end"
  | "["
  | "]"
  | "{"
  | "}"
  | ","
  | "-"
  | "?"
  | ":"
  | "alias"
  | "anchor"
  | "tag"
  | "scalar"
  | "end";

export interface Token {
  readonly type: TokenType;
  readonly start: number;
  readonly end: number;
  /** Of a scalar its text, of an anchor or alias its name, of a tag its suffix, of a directive its name. */
  readonly value?: string;
  /** Of a tag: what stands before the suffix, such as `!!`. */
  readonly handle?: string | undefined;
  readonly style?: "plain" | "quoted" | "block";
  /** Of a directive: what follows its name. */
  readonly arguments?: readonly string[];
}
