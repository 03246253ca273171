import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { findAffectedLines, type MountChange, migrateConfig, type SourceText } from "@truss-chains/config";
import { ChainsError } from "@truss-chains/errors";
import { shortPath } from "../output/short-path.ts";
import { readBytes, readText } from "../read-text.ts";
import type { FileMigration } from "./migration.ts";

const SKIPPED = new Set(["node_modules", ".git"]);

/**
 * The files that a target stands for: a config.yaml, a TypeScript source, the truss in a directory, or all the trusses
 * below it.
 *
 * @throws ChainsError `CONFIG_NOT_FOUND` when there is none, `FILE_NOT_READABLE`.
 */
export async function findTargets(target: string): Promise<string[]> {
  const path = resolve(target);
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return [path];
  const files = found?.isDirectory() ? await configsBelow(path) : [];
  if (files.length > 0) return files;
  const what = found ? `${shortPath(path)} holds no config.yaml.` : `${shortPath(path)} does not exist.`;
  throw new ChainsError("CONFIG_NOT_FOUND", what, {
    fix: "Name a truss directory, a directory of trusses, a config.yaml, or a chain's TypeScript file.",
    location: { file: path },
  });
}

async function configsBelow(directory: string): Promise<string[]> {
  const entries = await list(directory);
  const config = join(directory, "config.yaml");
  if (entries.some(({ name }) => name === "config.yaml") && (await isFile(config))) return [config];
  const below = entries.filter((entry) => entry.isDirectory() && !SKIPPED.has(entry.name));
  const nested = await Promise.all(below.map((entry) => configsBelow(join(directory, entry.name))));
  return nested.flat().sort();
}

async function list(directory: string): Promise<Dirent[]> {
  return readdir(directory, { withFileTypes: true }).catch((thrown: NodeJS.ErrnoException) => {
    throw new ChainsError(
      "FILE_NOT_READABLE",
      `${shortPath(directory)} cannot be read: ${thrown.code ?? thrown.message}.`,
      { fix: "Make it a directory that you may read.", location: { file: directory }, cause: thrown },
    );
  });
}

/** A link to a file is one. */
async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}

/** Works out the new text of one file. @throws ChainsError `FILE_NOT_READABLE`, and those of what it says. */
export async function planMigration(file: string): Promise<FileMigration> {
  const before = await readText(file);
  return /\.ya?ml$/.test(file) ? planConfig(file, before) : planSource(file, before);
}

async function planConfig(file: string, before: string): Promise<FileMigration> {
  const { changed, reason, yaml, warnings, problems, mounts } = migrateConfig(before, { file });
  const lines = changed ? await affectedLines(dirname(file), mounts) : [];
  return {
    file,
    before,
    after: changed ? yaml : before,
    reason,
    warnings: [...warnings, ...problems],
    lines,
  };
}

async function affectedLines(truss: string, mounts: readonly MountChange[]) {
  const directory = join(truss, "model");
  const isThere = (await stat(directory).catch(() => undefined))?.isDirectory() === true;
  const files = isThere ? await pythonBelow(directory) : [];
  // Python has sources in other encodings too; the names that are looked for are ASCII in all of them.
  const sources = files.map(
    async (file): Promise<SourceText> => ({ file, text: (await readBytes(file)).toString() }),
  );
  return findAffectedLines(await Promise.all(sources), mounts);
}

async function pythonBelow(directory: string): Promise<string[]> {
  const nested = (await list(directory)).map(async (entry): Promise<string[]> => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return pythonBelow(path);
    return entry.name.endsWith(".py") && (await isFile(path)) ? [path] : [];
  });
  return (await Promise.all(nested)).flat().sort();
}

async function planSource(file: string, before: string): Promise<FileMigration> {
  const { migrateSource } = await import("@truss-chains/compiler");
  const { changed, code, warnings } = migrateSource(file, before);
  const nothing = warnings.length > 0 ? "Nothing was changed." : "The source caches no repositories.";
  return { file, before, after: code, reason: changed ? undefined : nothing, warnings, lines: [] };
}
