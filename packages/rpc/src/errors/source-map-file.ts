import { readFile, stat } from "node:fs/promises";
import { SourceMap } from "node:module";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** A place in a file that a person wrote. */
export interface SourcePosition {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** The text of the line; undefined when the source is not at hand. */
  readonly text: string | undefined;
}

/** The text of a file, and where its lines came from if it was generated. */
interface LoadedFile {
  readonly lines: readonly string[];
  readonly map: LoadedMap | undefined;
}

interface LoadedMap {
  readonly entries: SourceMap;
  readonly sources: readonly { readonly file: string; readonly lines: readonly string[] | undefined }[];
}

interface RawSourceMap {
  readonly version: number;
  readonly mappings: string;
  readonly names?: string[];
  readonly sourceRoot?: string;
  readonly sources: string[];
  readonly sourcesContent?: (string | null)[];
}

// Errors can come often, and a bundle's map is large: a file is read again only when many others were needed since.
const files = new Map<string, Promise<LoadedFile | undefined>>();
const MAX_FILES = 32;

/** Where a position of a running file was written. `column` is 1-based. Falls back to the position itself. */
export async function sourcePosition(file: string, line: number, column: number): Promise<SourcePosition> {
  const loaded = await load(file);
  const entry = loaded?.map?.entries.findEntry(line - 1, column - 1);
  const source =
    entry && "originalSource" in entry ? loaded?.map?.sources[Number(entry.originalSource)] : undefined;
  if (!entry || !source) return { file, line, text: loaded?.lines[line - 1] };
  const originalLine = (entry as { originalLine: number }).originalLine;
  return { file: source.file, line: originalLine + 1, text: source.lines?.[originalLine] };
}

function load(file: string): Promise<LoadedFile | undefined> {
  // A source that cannot be read only costs the line's text.
  const loading = files.get(file) ?? readSource(file).catch(() => undefined);
  // A Map keeps the order in which its keys came: the one that was not needed for longest is the first.
  files.delete(file);
  files.set(file, loading);
  if (files.size > MAX_FILES) files.delete(files.keys().next().value!);
  return loading;
}

async function readSource(file: string): Promise<LoadedFile | undefined> {
  const text = await readText(file);
  if (text === undefined) return undefined;
  const map = await readMap(file, text).catch(() => undefined);
  return { lines: text.split("\n"), map };
}

async function readMap(file: string, text: string): Promise<LoadedMap | undefined> {
  const url = /\/\/[#@] sourceMappingURL=(\S+)\s*$/.exec(text.slice(-10_000_000))?.[1];
  if (!url) return undefined;
  const mapText = await readMapText(file, url);
  if (mapText === undefined) return undefined;
  const raw = JSON.parse(mapText) as RawSourceMap;
  const base = resolve(dirname(file), raw.sourceRoot ?? "");
  const sources = raw.sources.map((source, index) => ({
    file: source.startsWith("file:") ? fileURLToPath(source) : resolve(base, source),
    lines: raw.sourcesContent?.[index]?.split("\n"),
  }));
  // Named by their index, sources need no second lookup by a name that may occur twice.
  const payload = {
    ...raw,
    sourceRoot: "",
    names: raw.names ?? [],
    sources: raw.sources.map((_, index) => String(index)),
  };
  return {
    entries: new SourceMap(payload as unknown as ConstructorParameters<typeof SourceMap>[0]),
    sources,
  };
}

async function readMapText(file: string, url: string): Promise<string | undefined> {
  if (!url.startsWith("data:")) return readText(resolve(dirname(file), decodeURIComponent(url)));
  const comma = url.indexOf(",");
  const data = url.slice(comma + 1);
  return url.slice(0, comma).endsWith(";base64")
    ? Buffer.from(data, "base64").toString("utf8")
    : decodeURIComponent(data);
}

/** Larger than any bundle or its map. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;

async function readText(file: string): Promise<string | undefined> {
  const stats = await stat(file);
  // A pipe or a device would never end.
  return stats.isFile() && stats.size <= MAX_FILE_BYTES ? readFile(file, "utf8") : undefined;
}
