/** A YAML document as a tree, with the place of everything. Offsets count UTF-16 units from the start of the text. */
export type YamlNode = YamlScalar | YamlSequence | YamlMapping | YamlAlias;

interface Base {
  readonly start: number;
  /** Just after the last character of the node itself; comments and line ends that follow do not belong to it. */
  readonly end: number;
  /** The tag as written out in full, such as `tag:yaml.org,2002:int`. */
  readonly tag: string | undefined;
  readonly anchor: string | undefined;
}

export interface YamlScalar extends Base {
  readonly kind: "scalar";
  readonly text: string;
  /** How it is written. Only plain scalars become anything but text. */
  readonly style: "plain" | "quoted" | "block";
}

export interface YamlSequence extends Base {
  readonly kind: "sequence";
  readonly items: readonly YamlNode[];
  /** Written with brackets. */
  readonly flow: boolean;
}

export interface YamlMapping extends Base {
  readonly kind: "mapping";
  readonly pairs: readonly YamlPairNode[];
  /** Written with braces. */
  readonly flow: boolean;
}

export interface YamlPairNode {
  readonly key: YamlNode;
  readonly value: YamlNode;
}

export interface YamlAlias extends Base {
  readonly kind: "alias";
  readonly name: string;
}
