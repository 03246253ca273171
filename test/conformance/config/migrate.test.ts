import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Migration, migrateConfig, parseConfig, withoutTransferTool } from "@truss-chains/config";
import { ChainsError } from "@truss-chains/errors";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { askTruss, runPython, trussPython } from "./oracle.ts";

type TheirMigration =
  | { readonly ok: true; readonly changed: false }
  | { readonly ok: true; readonly changed: true; readonly yaml: string; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly error: string };

const CORPUS = fileURLToPath(new URL("../../../../shared/corpus/", import.meta.url));
const SEEDS = fileURLToPath(new URL("seeds/", import.meta.url));
const LIVE = { timeout: 300_000 };

const files = [SEEDS, CORPUS].filter(existsSync).flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => ({ name, text: readFileSync(folder + name, "utf8") })),
);

function ours(text: string): Migration | undefined {
  try {
    return migrateConfig(text);
  } catch (error) {
    if (error instanceof ChainsError) return undefined;
    throw error;
  }
}

/** A migrated file as data. Truss leaves calls of its transfer tool, which weights make pointless. */
function meaning(yaml: string): unknown {
  const value = parse(yaml, { version: "1.1", logLevel: "silent" }) as {
    docker_server?: { start_command?: string };
  };
  const server = value.docker_server;
  if (typeof server?.start_command === "string")
    server.start_command = withoutTransferTool(server.start_command);
  return value;
}

describe.skipIf(!trussPython)("truss migrate (CHAINS_TRUSS_PYTHON)", LIVE, () => {
  test("makes of every file what we make of it, but for comments and order", () => {
    const theirs = runPython<TheirMigration>(
      "migrate.py",
      files.map(({ text }) => ({ yaml: text })),
    );
    let migrated = 0;
    for (const [index, { name, text }] of files.entries()) {
      const expected = theirs[index] as TheirMigration;
      const result = ours(text);
      expect(result !== undefined, name).toBe(expected.ok);
      if (!expected.ok || !result) continue;
      expect(result.changed, name).toBe(expected.changed);
      if (!expected.changed) continue;
      migrated += 1;
      expect(meaning(result.yaml), name).toEqual(meaning(expected.yaml));
      // They warn of each model that was baked into the image from Hugging Face, and so do we.
      expect(result.warnings.length, name).toBeGreaterThanOrEqual(expected.warnings.length);
    }
    expect(migrated).toBeGreaterThan(2);
  });

  test("leaves nothing that the loader refuses without our saying so", () => {
    const results = files.flatMap(({ name, text }) => {
      const result = ours(text);
      return result?.changed ? [{ name, ...result }] : [];
    });
    const answers = askTruss(results.map(({ yaml }) => yaml));
    const unannounced = results.filter(({ problems }, index) => !answers[index]?.ok && problems.length === 0);
    expect(unannounced.map(({ name }) => name)).toEqual([]);
  });
});

test("a migrated seed reads as it did, but for where its weights come from", () => {
  for (const { text } of files.filter(({ text }) => /^model_cache:/m.test(text))) {
    const result = ours(text);
    if (!result?.changed || result.problems.length > 0) continue;
    const { config } = parseConfig(result.yaml);
    expect(config.model_cache).toEqual([]);
    expect(config.weights.length).toBeGreaterThan(0);
    expect(result.yaml.match(/#.*/g) ?? []).toEqual(expect.arrayContaining(text.match(/^#.*/gm) ?? []));
  }
});
