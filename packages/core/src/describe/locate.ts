import { fileURLToPath } from "node:url";
import type { Location } from "@truss-chains/errors";
import { metadataOf } from "../authoring/metadata.ts";
import { type SourcePlace, sourceFactsOf } from "./source-facts.ts";

/** Where a class, or one of its members, is: by its source facts, else by the stack of its decorator. */
export function locate(cls: { readonly name: string }, member?: string, place?: SourcePlace): Location {
  const names = { className: cls.name, ...(member !== undefined && { member }) };
  const facts = sourceFactsOf(cls);
  if (!facts) return { ...placeFromStack(metadataOf(cls)?.stack), ...names };
  const known = member !== undefined && Object.hasOwn(facts.members, member);
  const { line, column } = place ?? (known ? facts.members[member] : undefined) ?? facts;
  return { file: facts.file, line, column, ...names };
}

/** `chain.ts:12`, for a message that names a second place. */
export function describePlace(cls: { readonly name: string }): string {
  const { file, line } = locate(cls);
  return file === undefined ? "an unknown place" : `${file}:${line}`;
}

const HELPERS = /^(?:__?decorate\w*|_ts_decorate|DecorateProperty|DecorateConstructor|Reflect\.decorate)$/i;
const FRAME = /^\s*at (?:(.*?) \()?((?:file:\/\/|\/|[A-Za-z]:\\).*?):(\d+):(\d+)\)?$/;

/** The first frame of the user's own code: not of a decorator helper, nor of an installed package. */
function placeFromStack(stack: string | undefined): Location {
  for (const line of stack?.split("\n").slice(1) ?? []) {
    const match = FRAME.exec(line);
    if (!match) continue;
    const [, name = "", url = "", row, column] = match;
    const file = url.startsWith("file:") ? fileURLToPath(url) : url;
    if (HELPERS.test(name) || /[\\/]node_modules[\\/]/.test(file)) continue;
    return { file, line: Number(row), column: Number(column) };
  }
  return {};
}
