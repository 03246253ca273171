import { isAbsolute, relative } from "node:path";

/** A path as people write it: relative when it is at or below the current directory, absolute elsewhere. */
export function shortPath(path: string): string {
  const way = relative(process.cwd(), path);
  if (way === "") return ".";
  return way.startsWith("..") || isAbsolute(way) ? path : way;
}
