import { relative, resolve } from "node:path";

interface SourceMap {
  readonly version: number;
  readonly names: string[];
  readonly mappings: string;
  readonly sources: readonly (string | null)[];
  readonly sourcesContent?: readonly (string | null)[] | undefined;
}

/**
 * A source map for the server file: paths relative to the chain's directory, the same on every machine, and the text
 * of the user's own files only, which is what error reports quote.
 */
export function shortSourceMap(map: SourceMap, root: string): string {
  const sources = map.sources.map((source) =>
    source === null ? "" : displayPath(resolve(root, source), root),
  );
  const sourcesContent = sources.map((source, index) =>
    source.includes("node_modules/") || source.startsWith("\0")
      ? null
      : (map.sourcesContent?.[index] ?? null),
  );
  return JSON.stringify({
    version: 3,
    file: "server.mjs",
    sources,
    sourcesContent,
    names: [],
    mappings: map.mappings,
  });
}

// Where packages are installed differs between machines; what follows node_modules does not.
function displayPath(file: string, root: string): string {
  const inPackages = file.lastIndexOf("node_modules/");
  return (inPackages === -1 ? relative(root, file) : file.slice(inPackages)).replaceAll("\\", "/");
}
