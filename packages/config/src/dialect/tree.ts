import { DocumentFault } from "./fault.ts";
import type { YamlMapping, YamlNode, YamlPairNode, YamlScalar, YamlSequence } from "./node.ts";
import type { Token, TokenType } from "./scan/token.ts";

type Properties = Pick<YamlScalar, "tag" | "anchor">;
const NO_PROPERTIES: Properties = { tag: undefined, anchor: undefined };

/** Builds the tree of the one document that the tokens hold; undefined for an empty stream. */
export class TreeBuilder {
  private readonly tokens: readonly Token[];
  private at = 0;
  private handles: ReadonlyMap<string, string> = DEFAULT_HANDLES;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  build(): YamlNode | undefined {
    let content: YamlNode | undefined;
    if (!this.isAny("directive", "document-start", "end")) content = this.node("block");
    else {
      this.skipDocumentEnds();
      if (this.is("end")) return undefined;
      content = this.explicitDocument();
    }
    this.skipDocumentEnds();
    if (!this.is("end")) this.refuseRest();
    return content;
  }

  private explicitDocument(): YamlNode {
    this.handles = readDirectives(() => (this.is("directive") ? this.take() : undefined));
    if (!this.is("document-start")) this.fail("Directives have to be followed by `---`.");
    const { end } = this.take();
    return this.isAny("directive", "document-start", "document-end", "end") ? empty(end) : this.node("block");
  }

  private refuseRest(): never {
    const { type } = this.token;
    if (type === "document-start" || type === "directive") {
      this.fail("The file holds a second document.", "Keep only one; remove the `---` line.");
    }
    this.fail("Nothing can follow here.", "Check the indentation, and the quotes and brackets before it.");
  }

  private skipDocumentEnds(): void {
    while (this.is("document-end")) this.at += 1;
  }

  private get token(): Token {
    return this.tokens[this.at] as Token;
  }

  private is(type: TokenType): boolean {
    return this.token.type === type;
  }

  private isAny(...types: readonly TokenType[]): boolean {
    return types.includes(this.token.type);
  }

  private take(): Token {
    const token = this.token;
    this.at += 1;
    return token;
  }

  private fail(message: string, fix?: string, offset = this.token.start): never {
    throw new DocumentFault("syntax", message, offset, fix);
  }

  /** `list-or-block`: the value of a block mapping, where a list may be as deep as its key. */
  private node(context: "flow" | "block" | "list-or-block"): YamlNode {
    return this.is("alias") ? this.alias() : this.content(context);
  }

  private alias(): YamlNode {
    const { start, end, value = "" } = this.take();
    return { kind: "alias", start, end, name: value, tag: undefined, anchor: undefined };
  }

  private content(context: "flow" | "block" | "list-or-block"): YamlNode {
    const from = this.token.start;
    const properties = this.properties();
    const hasProperties = properties !== NO_PROPERTIES;
    const { tag, anchor } = properties;
    switch (this.token.type) {
      case "scalar": {
        const { start, end, value = "", style = "plain" } = this.take();
        return {
          kind: "scalar",
          start: hasProperties ? from : start,
          end,
          text: value,
          style,
          tag,
          anchor,
        };
      }
      case "[":
        return this.flowSequence(from, properties);
      case "{":
        return this.flowMapping(from, properties);
      case "-":
        if (context === "list-or-block") return this.blockSequence(from, properties, "none");
        break;
      case "block-sequence":
        if (context !== "flow") return this.blockSequence(from, properties, "block-end");
        break;
      case "block-mapping":
        if (context !== "flow") return this.blockMapping(from, properties);
        break;
    }
    if (!hasProperties)
      this.fail("A value is missing here.", "Check the indentation, the commas and the brackets.");
    const { end } = this.tokens[this.at - 1] as Token;
    return { kind: "scalar", start: from, end, text: "", style: "plain", tag, anchor };
  }

  private properties(): Properties {
    let anchor: string | undefined;
    let tag: string | undefined;
    for (let count = 0; count < 2; count++) {
      if (this.is("anchor") && anchor === undefined) anchor = this.take().value;
      else if (this.is("tag") && tag === undefined) tag = this.fullTag(this.take());
    }
    return anchor === undefined && tag === undefined ? NO_PROPERTIES : { tag, anchor };
  }

  private fullTag({ handle, value = "", start }: Token): string {
    if (handle === undefined) return value;
    const prefix = this.handles.get(handle);
    return prefix === undefined
      ? this.fail(`The tag's handle ${handle} is unknown.`, undefined, start)
      : prefix + value;
  }

  private blockSequence(
    start: number,
    { tag, anchor }: Properties,
    closing: "block-end" | "none",
  ): YamlSequence {
    if (closing === "block-end") this.take();
    const items: YamlNode[] = [];
    let end = start;
    while (this.is("-")) {
      const dash = this.take();
      const isEmpty = this.is("-") || (closing === "none" ? this.endsPart() : this.is("block-end"));
      const item = isEmpty ? empty(dash.end) : this.node("block");
      items.push(item);
      end = Math.max(item.end, dash.end);
    }
    if (closing === "block-end") this.closeBlock("the list");
    return { kind: "sequence", start, end, items, flow: false, tag, anchor };
  }

  private blockMapping(start: number, { tag, anchor }: Properties): YamlMapping {
    this.take();
    const pairs: YamlPairNode[] = [];
    let end = start;
    while (this.is("?")) {
      const pair = this.blockPair();
      pairs.push(pair);
      end = Math.max(pair.key.end, pair.value.end);
    }
    this.closeBlock("the mapping");
    return { kind: "mapping", start, end, pairs, flow: false, tag, anchor };
  }

  private blockPair(): YamlPairNode {
    const mark = this.take();
    const key = this.endsPart() ? empty(mark.end) : this.node("list-or-block");
    if (!this.is(":")) return { key, value: empty(key.end) };
    const colon = this.take();
    return { key, value: this.endsPart() ? empty(colon.end) : this.node("list-or-block") };
  }

  /** True where a key or value of a block mapping would begin, but its end or the next one is there. */
  private endsPart(): boolean {
    const { type } = this.token;
    return type === "?" || type === ":" || type === "block-end";
  }

  private closeBlock(what: string): void {
    if (!this.is("block-end"))
      this.fail(`This does not fit into ${what} around it.`, "Check the indentation.");
    this.take();
  }

  private flowSequence(start: number, { tag, anchor }: Properties): YamlSequence {
    const open = this.take();
    const items: YamlNode[] = [];
    while (!this.is("]")) {
      if (items.length > 0) this.comma("]", open);
      if (this.is("]")) break;
      items.push(this.is("?") ? this.singlePair() : this.node("flow"));
    }
    const { end } = this.take();
    return { kind: "sequence", start, end, items, flow: true, tag, anchor };
  }

  /** `[a: b]` is a list with a mapping of one key. */
  private singlePair(): YamlMapping {
    const pair = this.flowPair("]");
    const { start } = pair.key;
    return {
      kind: "mapping",
      start,
      end: pair.value.end,
      pairs: [pair],
      flow: true,
      tag: undefined,
      anchor: undefined,
    };
  }

  private flowMapping(start: number, { tag, anchor }: Properties): YamlMapping {
    const open = this.take();
    const pairs: YamlPairNode[] = [];
    while (!this.is("}")) {
      if (pairs.length > 0) this.comma("}", open);
      if (this.is("}")) break;
      if (this.is("?")) pairs.push(this.flowPair("}"));
      else {
        const key = this.node("flow");
        pairs.push({ key, value: empty(key.end) });
      }
    }
    const { end } = this.take();
    return { kind: "mapping", start, end, pairs, flow: true, tag, anchor };
  }

  private flowPair(closing: "]" | "}"): YamlPairNode {
    const mark = this.take();
    const key = this.isAny(":", ",", closing) ? empty(mark.end) : this.node("flow");
    if (!this.is(":")) return { key, value: empty(key.end) };
    const colon = this.take();
    return { key, value: this.isAny(",", closing) ? empty(colon.end) : this.node("flow") };
  }

  private comma(closing: "]" | "}", open: Token): void {
    if (this.is(",")) this.take();
    else if (this.is("end")) this.fail(`The bracket is never closed.`, `Add \`${closing}\`.`, open.start);
    else this.fail(`Expected \`,\` or \`${closing}\` here.`, "Separate the items with commas.");
  }
}

function empty(offset: number): YamlScalar {
  return {
    kind: "scalar",
    start: offset,
    end: offset,
    text: "",
    style: "plain",
    tag: undefined,
    anchor: undefined,
  };
}

const DEFAULT_HANDLES: ReadonlyMap<string, string> = new Map([
  ["!", "!"],
  ["!!", "tag:yaml.org,2002:"],
]);

function readDirectives(next: () => Token | undefined): ReadonlyMap<string, string> {
  const own = new Map<string, string>();
  let hasVersion = false;
  for (let token = next(); token; token = next()) {
    const [first = "", second = ""] = token.arguments ?? [];
    if (token.value === "YAML") {
      if (hasVersion) throw new DocumentFault("syntax", "The version is given twice.", token.start);
      if (Number.parseInt(first, 10) !== 1) {
        throw new DocumentFault("syntax", `This is not YAML ${first}.`, token.start, "Remove the directive.");
      }
      hasVersion = true;
    } else if (token.value === "TAG") {
      if (own.has(first))
        throw new DocumentFault("syntax", `The handle ${first} is given twice.`, token.start);
      own.set(first, second);
    }
  }
  return new Map([...DEFAULT_HANDLES, ...own]);
}
