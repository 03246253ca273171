import { ChainsError } from "@truss-chains/errors";

interface IniKey {
  readonly value: string;
  /** 0-based, the key's line and the line after its last. */
  readonly from: number;
  readonly to: number;
}

interface IniSection {
  readonly header: number;
  readonly keys: ReadonlyMap<string, IniKey>;
}

/**
 * An INI file as Python's `ConfigParser` reads it, which is what the Truss and AWS tools use: `=` or `:`, keys without
 * case, whole-line comments only, indented lines continue a value, `[DEFAULT]` holds for every section. Libraries for
 * npm follow other rules. Edits change the lines that they name and leave comments as they are.
 */
export class IniFile {
  readonly #lines: readonly string[];
  readonly #sections: ReadonlyMap<string, IniSection>;

  constructor(text: string, file: string) {
    this.#lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
    this.#sections = readSections(this.#lines, file);
  }

  get sectionNames(): string[] {
    return [...this.#sections.keys()].filter((name) => name !== "DEFAULT");
  }

  /** The keys of a section with those of `[DEFAULT]`, as written; undefined when there is no such section. */
  section(name: string): Record<string, string> | undefined {
    const section = this.#sections.get(name);
    if (!section) return undefined;
    const keys = [...(this.#sections.get("DEFAULT")?.keys ?? []), ...section.keys];
    return Object.fromEntries(keys.map(([key, { value }]) => [key, value]));
  }

  /** The file's text with these keys of a section set, and those that are undefined removed. */
  with(name: string, values: Readonly<Record<string, string | undefined>>): string {
    const section = this.#sections.get(name);
    const lines = [...this.#lines];
    while (lines.at(-1)?.trim() === "") lines.pop();
    if (!section) return joined([...lines, ...(lines.length > 0 ? [""] : []), `[${name}]`, ...added(values)]);
    const edits = Object.entries(values).map(([key, value]) => ({ at: section.keys.get(key), key, value }));
    for (const { at, key, value } of edits
      .filter(({ at }) => at)
      .sort((left, right) => right.at!.from - left.at!.from))
      lines.splice(at!.from, at!.to - at!.from, ...(value === undefined ? [] : [`${key} = ${value}`]));
    const fresh = edits.filter(({ at }) => !at).map(({ key, value }) => [key, value] as const);
    lines.splice(section.header + 1, 0, ...added(Object.fromEntries(fresh)));
    return joined(lines);
  }

  /** The file's text without a section. */
  without(name: string): string {
    const section = this.#sections.get(name);
    if (!section) return joined([...this.#lines]);
    const headers = [...this.#sections.values()].map(({ header }) => header);
    const end = Math.min(...headers.filter((header) => header > section.header), this.#lines.length);
    return joined([...this.#lines.slice(0, section.header), ...this.#lines.slice(end)]);
  }
}

function added(values: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [`${key} = ${value}`]));
}

function joined(lines: string[]): string {
  while (lines.at(-1)?.trim() === "") lines.pop();
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

function readSections(lines: readonly string[], file: string): Map<string, IniSection> {
  const sections = new Map<string, { header: number; keys: Map<string, IniKey> }>();
  let keys: Map<string, IniKey> | undefined;
  let open: { name: string; indent: number } | undefined;
  lines.forEach((line, index) => {
    const text = line.trim();
    if (text === "" || /^[#;]/.test(text)) return;
    const indent = line.length - line.trimStart().length;
    const key = open && keys?.get(open.name);
    if (open && key && indent > open.indent) {
      keys!.set(open.name, { value: `${key.value}\n${text}`, from: key.from, to: index + 1 });
      return;
    }
    const header = /^\[(.+)\]/.exec(text)?.[1];
    if (header !== undefined) {
      if (sections.has(header)) throw invalid(file, index, `the section [${header}] is there twice`);
      keys = new Map();
      open = undefined;
      sections.set(header, { header: index, keys });
      return;
    }
    const [, name, value] = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(text) ?? [];
    if (name === undefined || value === undefined || !keys)
      throw invalid(
        file,
        index,
        keys ? "neither a [section] nor key = value" : "a key before the first [section]",
      );
    const lower = name.toLowerCase();
    if (keys.has(lower)) throw invalid(file, index, `the key ${lower} is there twice`);
    keys.set(lower, { value, from: index, to: index + 1 });
    open = { name: lower, indent };
  });
  return sections;
}

// The line itself stays out of the message: it may hold a key.
function invalid(file: string, index: number, what: string): ChainsError {
  return new ChainsError("ACCOUNT_INVALID", `${file} cannot be read: line ${index + 1} is ${what}.`, {
    fix: "Correct that line.",
    location: { file, line: index + 1 },
  });
}
