// The program of the process in which a chain's source is imported. What the source does on import (exits, leaves
// timers behind, prints) stays in here.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import type { ChainsError } from "@truss-chains/errors";
import { describeExports } from "./describe-exports.ts";
import { importFailure } from "./import-failure.ts";
import { importSource, type SourceExports } from "./import-source.ts";

/** What the worker is asked. */
export interface DiscoveryRequest {
  readonly translated: string;
  /** The user's own files in it. */
  readonly modules: readonly string[];
  readonly source: string;
  readonly entrypoint: string | undefined;
}

/** What it answers: `error` is a serialised `ChainsError`. */
export type DiscoveryAnswer =
  | { readonly ok: true; readonly description: ReturnType<typeof describeExports> }
  | { readonly ok: false; readonly error: Record<string, unknown> };

// Loaded while the other process still translates the source. What is wrong with it shows when the source imports it.
// The source itself sees no arguments, as anywhere else.
const [source] = process.argv.splice(2);
void preload(source!);

// However the other process ends: nobody else waits for this one.
process.once("disconnect", () => process.exit());

process.once("message", async (request: DiscoveryRequest) => {
  const answer = await Promise.race([discover(request), strayFailure(request)]);
  process.send?.(answer, () => process.exit(0));
});

/** What the source's code fails with while nobody waits for it: a callback, a promise without an `await`. */
function strayFailure({ source, modules }: DiscoveryRequest): Promise<DiscoveryAnswer> {
  return new Promise((resolve) => {
    const tell = (thrown: unknown): void =>
      resolve({ ok: false, error: importFailure(thrown, source, modules).toJSON() });
    process.on("uncaughtException", tell);
    process.on("unhandledRejection", tell);
  });
}

async function preload(source: string): Promise<void> {
  try {
    await import(pathToFileURL(createRequire(source).resolve("truss-chains")).href);
  } catch {
    // As above.
  }
}

async function discover({
  translated: file,
  modules,
  source,
  entrypoint,
}: DiscoveryRequest): Promise<DiscoveryAnswer> {
  try {
    const describe = (exports: SourceExports) => describeExports(exports, source, entrypoint);
    return { ok: true, description: await importSource({ file, modules }, source, describe) };
  } catch (thrown) {
    return { ok: false, error: (thrown as ChainsError).toJSON() };
  }
}
