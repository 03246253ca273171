import { access, constants, lstat, readdir, realpath } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { ChainsError } from "@truss-chains/errors";
import { CHAIN_MANIFEST } from "./chain-manifest.ts";

/**
 * Makes sure that a build may replace a directory: before any work is done, and without touching it.
 *
 * @param inputs files and directories that the build reads, which the output must not hold.
 * @param copied directories that the build copies, which the output must not be inside of either.
 * @returns the absolute path.
 * @throws ChainsError `OUTPUT_INVALID`.
 */
export async function checkOutputDirectory(
  out: string,
  inputs: readonly string[],
  copied: readonly string[],
): Promise<string> {
  const directory = await canonical(resolve(out));
  for (const input of [...inputs, ...copied]) {
    if (isInside(await canonical(input), directory)) {
      throw invalid(out, `holds ${input}, which the build reads: replacing it would delete your source`);
    }
  }
  for (const input of copied) {
    if (isInside(directory, await canonical(input)))
      throw invalid(out, `is inside of ${input}, which the build copies: the next one would hold this one`);
  }
  const found = await lstat(directory).catch(() => undefined);
  if (found && !found.isDirectory()) throw invalid(out, "is a file");
  if (found) {
    const names = await readdir(directory);
    if (names.length > 0 && !names.includes(CHAIN_MANIFEST)) {
      throw invalid(out, "holds files that no build made, and a build replaces the whole directory");
    }
  }
  const parent = await nearestExisting(dirname(directory));
  await access(parent, constants.W_OK).catch(() => {
    throw invalid(out, `cannot be written: ${parent} is not writable`);
  });
  return directory;
}

function invalid(out: string, why: string): ChainsError {
  return new ChainsError("OUTPUT_INVALID", `The output directory ${out} ${why}.`, {
    fix: "Name a new directory, or one that a build made.",
    location: { file: resolve(out) },
  });
}

function isInside(path: string, directory: string): boolean {
  const way = relative(directory, path);
  return way === "" || (way.split(sep)[0] !== ".." && resolve(directory, way) === path);
}

async function nearestExisting(path: string): Promise<string> {
  for (let at = path; ; at = dirname(at)) {
    const found = await lstat(at).catch(() => undefined);
    if (found?.isDirectory()) return at;
    if (found) throw invalid(path, `cannot be made: ${at} is a file`);
    if (dirname(at) === at) return at;
  }
}

// The directory need not exist yet; its nearest existing ancestor may be a symbolic link.
async function canonical(path: string): Promise<string> {
  const real = await realpath(path).catch(() => undefined);
  if (real !== undefined) return real;
  return dirname(path) === path ? path : join(await canonical(dirname(path)), basename(path));
}
