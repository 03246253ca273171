import { stat } from "node:fs/promises";
import { join } from "node:path";
import { listTree } from "@truss-chains/compiler";
import type { Problem } from "@truss-chains/errors";
import { ignorePatterns } from "../../archive/ignore-patterns.ts";
import type { BuiltChainlet } from "../built-chain.ts";

const GiB = 2 ** 30;
/** An image is built from the archive at every push, so beyond this, weights are what belongs elsewhere. */
const LARGE_BYTES = GiB;
/** Far above what an image can hold, so it is certainly a mistake. */
const HUGE_BYTES = 100 * GiB;

/** Chainlets whose files are too many for an image. */
export async function checkSizes(chainlets: readonly BuiltChainlet[]): Promise<Problem[]> {
  const problems = await Promise.all(chainlets.map(checkSize));
  return problems.filter((problem) => problem !== undefined);
}

async function checkSize({ node, directory }: BuiltChainlet): Promise<Problem | undefined> {
  const files = await listTree(directory, await ignorePatterns(directory));
  const sizes = await Promise.all(
    files.map(async (file) => ({ file, bytes: (await stat(join(directory, file))).size })),
  );
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total < LARGE_BYTES) return undefined;
  const largest = sizes.reduce((most, each) => (each.bytes > most.bytes ? each : most));
  return {
    code: "PUSH_IMPOSSIBLE",
    severity: total > HUGE_BYTES ? "error" : "warning",
    message: `${node.name} has ${(total / GiB).toFixed(1)} GiB of files; the largest is ${largest.file}.`,
    fix: "Let large files come as weights (assets.weights), or leave them out with .truss_ignore.",
    location: node.location,
  };
}
