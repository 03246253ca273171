import { ChainsError } from "@truss-chains/errors";

/** Longest name and path that Linux file systems take, in bytes. */
const MAX_NAME = 255;
const MAX_PATH = 4095;

/**
 * Checks a relative path that came from outside: a listing, a manifest, a volume folder.
 *
 * @returns the path, unchanged
 * @throws ChainsError `WEIGHTS_UNSAFE_PATH` for anything that is absolute, leaves its directory or is no plain path
 */
export function safeRelativePath(path: string, origin: string): string {
  const fault = pathFault(path);
  if (fault === undefined) return path;
  throw new ChainsError("WEIGHTS_UNSAFE_PATH", `${origin} names ${show(path)}, which ${fault}.`, {
    fix: "Nothing was written. Use a source whose file names are plain relative paths.",
  });
}

function pathFault(path: string): string | undefined {
  if (path === "") return "is empty";
  if (path.includes("\0")) return "holds a NUL character";
  if (!path.isWellFormed()) return "is not valid Unicode";
  if (path.startsWith("/")) return "is absolute";
  if (Buffer.byteLength(path) > MAX_PATH) return `is longer than ${MAX_PATH} bytes`;
  for (const name of path.split("/")) {
    if (name === "") return "has an empty segment";
    if (name === "." || name === "..") return `has a \`${name}\` segment`;
    if (Buffer.byteLength(name) > MAX_NAME) return `has a name longer than ${MAX_NAME} bytes`;
  }
  return undefined;
}

/** A hostile name may hold line breaks or terminal escapes; a message shows it quoted and short. */
function show(path: string): string {
  return JSON.stringify(path.length > 200 ? `${path.slice(0, 200)}…` : path);
}
