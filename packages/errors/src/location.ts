/** Where a problem is. Every part is optional: say what is known, never guess. */
export interface Location {
  /** Absolute path of the file, as the user would open it. */
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based, in UTF-16 code units. */
  readonly column?: number;
  /** Name of the class, e.g. the chainlet. */
  readonly className?: string;
  /** Member of the class: a method or a constructor parameter. */
  readonly member?: string;
  /** Path of a value inside a document or object: `["weights", 0, "source"]`. */
  readonly path?: readonly (string | number)[];
}

/** `weights[0].source`: the way a path is written in messages. */
export function formatPath(path: readonly (string | number)[]): string {
  let text = "";
  for (const part of path) {
    if (typeof part === "number") text += `[${part}]`;
    else if (/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(part)) text += text === "" ? part : `.${part}`;
    else text += `[${JSON.stringify(part)}]`;
  }
  return text;
}

/** `chain.ts:12:3 (Search.runRemote)`; the empty string when nothing is known. */
export function formatLocation(location: Location | undefined): string {
  if (!location) return "";
  const { file, line, column, className, member, path } = location;
  let place = file ?? "";
  if (line !== undefined)
    place += `${place ? ":" : "line "}${line}${column !== undefined ? `:${column}` : ""}`;
  const owner = [className, member].filter((part) => part !== undefined).join(".");
  const details = [owner, path?.length ? formatPath(path) : ""].filter((part) => part !== "");
  if (details.length === 0) return place;
  return place === "" ? details.join(", ") : `${place} (${details.join(", ")})`;
}
