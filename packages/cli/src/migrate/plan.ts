import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { findAffectedLines, type MountChange, migrateConfig, type SourceText } from "@truss-chains/config";
import { ChainsError } from "@truss-chains/errors";
import { shortPath } from "../output/short-path.ts";
import type { FileMigration } from "./migration.ts";

const SKIPPED = new Set(["node_modules", ".git"]);

/**
 * The files that a target stands for: a config.yaml, a TypeScript source, the truss in a directory, or all the trusses
 * below it.
 *
 * @throws ChainsError `CONFIG_NOT_FOUND` when there is none.
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
  const entries = await readdir(directory, { withFileTypes: true });
  if (entries.some((entry) => entry.isFile() && entry.name === "config.yaml"))
    return [join(directory, "config.yaml")];
  const below = entries.filter((entry) => entry.isDirectory() && !SKIPPED.has(entry.name));
  const nested = await Promise.all(below.map((entry) => configsBelow(join(directory, entry.name))));
  return nested.flat().sort();
}

/** Works out the new text of one file. @throws ChainsError when it cannot be read. */
export async function planMigration(file: string): Promise<FileMigration> {
  const before = await readFile(file, "utf8");
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
  const names = await readdir(directory, { recursive: true }).catch(() => []);
  const python = names.filter((name) => name.endsWith(".py")).sort();
  const sources = python.map(async (name): Promise<SourceText> => {
    const path = join(directory, name);
    return { file: path, text: await readFile(path, "utf8") };
  });
  return findAffectedLines(await Promise.all(sources), mounts);
}

async function planSource(file: string, before: string): Promise<FileMigration> {
  const { migrateSource } = await import("@truss-chains/compiler");
  const { changed, code, warnings } = migrateSource(file, before);
  const nothing = warnings.length > 0 ? "Nothing was changed." : "The source caches no repositories.";
  return { file, before, after: code, reason: changed ? undefined : nothing, warnings, lines: [] };
}
