import type MagicString from "magic-string";

/** An object literal whose members are all written out: `{ a: 1, b: "x" }`. */
export class ObjectLiteral {
  readonly #node: any;
  readonly #code: string;

  private constructor(node: any, code: string) {
    this.#node = node;
    this.#code = code;
  }

  /** Undefined when a member is computed, spread, a shorthand, or a method: its value is then not in the text. */
  static read(node: any, code: string): ObjectLiteral | undefined {
    if (node?.type !== "ObjectExpression") return undefined;
    const plain = node.properties.every(
      (property: any) =>
        property.type === "Property" &&
        !property.computed &&
        !property.shorthand &&
        property.kind === "init" &&
        !property.method,
    );
    return plain ? new ObjectLiteral(node, code) : undefined;
  }

  keys(): string[] {
    return this.#node.properties.map(keyOf);
  }

  /** The value's node; undefined when the key is absent. */
  value(key: string): any {
    return this.#property(key)?.value;
  }

  /** The value of a key that is a constant in the text; `undefined` for any other. */
  constant(key: string): string | boolean | undefined {
    const value = this.value(key);
    if (value?.type === "Literal")
      return typeof value.value === "string" || typeof value.value === "boolean" ? value.value : undefined;
    if (value?.type === "TemplateLiteral" && value.expressions.length === 0)
      return value.quasis[0].value.cooked;
    return undefined;
  }

  text(node: any): string {
    return this.#code.slice(node.start, node.end);
  }

  /**
   * Rewrites the members: each key of `members` gets new text or goes away (`null`); what is not named stays. `added`
   * follows the last member, on a line of its own where the members are on lines of their own.
   */
  rewrite(
    text: MagicString,
    members: Readonly<Record<string, string | null>>,
    added: readonly string[],
  ): void {
    const properties: any[] = this.#node.properties;
    const kept = properties.filter((property) => members[keyOf(property)] !== null);
    for (const property of kept) {
      const replacement = members[keyOf(property)];
      if (replacement !== undefined && replacement !== null)
        text.overwrite(property.start, property.end, replacement);
    }
    properties.forEach((property, index) => {
      if (members[keyOf(property)] !== null) return;
      const next = properties[index + 1];
      const previousKept = properties.slice(0, index).findLast((one) => members[keyOf(one)] !== null);
      if (next) text.remove(property.start, next.start);
      else if (previousKept) text.remove(previousKept.end, property.end);
    });
    const last = kept.at(-1);
    if (last && added.length > 0)
      text.appendLeft(last.end, added.map((member) => `,${this.#separator()}${member}`).join(""));
  }

  // What stands between two members: a space, or a line break and the indentation.
  #separator(): string {
    const [first, second] = this.#node.properties;
    const between = second
      ? this.#code.slice(first.end, second.start)
      : this.#code.slice(this.#node.start + 1, first.start);
    const lineBreak = /\r?\n[ \t]*$/.exec(between);
    return lineBreak ? lineBreak[0] : " ";
  }

  #property(key: string): any {
    return this.#node.properties.find((property: any) => keyOf(property) === key);
  }
}

function keyOf(property: any): string {
  return property.key.type === "Identifier" ? property.key.name : String(property.key.value);
}
