import { ChainsError } from "@truss-chains/errors";
import { createLockfile, readLockfile, requireNoDrift } from "@truss-chains/weights";
import { shortPath } from "../output/short-path.ts";
import type { Terminal } from "../output/terminal.ts";
import { planTarget } from "./plan-target.ts";

/**
 * Makes sure that the weights of a chain are those that `chains.lock` records.
 *
 * @throws ChainsError `LOCKFILE_DRIFT` with every difference; `FILE_NOT_FOUND` without a lockfile.
 */
export async function requireFrozen(
  source: string,
  entrypoint: string | undefined,
  terminal: Terminal,
): Promise<void> {
  const { plan, lockfile } = await planTarget(source, entrypoint, ".", terminal);
  const locked = await readLockfile(lockfile);
  if (locked === undefined) {
    throw new ChainsError("FILE_NOT_FOUND", `${shortPath(lockfile)} does not exist.`, {
      fix: `Write it once with chains weights pin ${source}, and commit it.`,
      location: { file: lockfile },
    });
  }
  requireNoDrift(locked, createLockfile(plan), lockfile);
}
