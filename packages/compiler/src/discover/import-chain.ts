import {
  assertValidChain,
  type ChainletClass,
  exportedChainlets,
  selectEntrypoint,
} from "@truss-chains/core";
import type { DiscoverOptions } from "./discover.ts";
import { importSource } from "./import-source.ts";
import { IMPORT_SEC, inTime } from "./in-time.ts";
import { createProcessDirectory } from "./process-directory.ts";
import { resolveSource } from "./resolve-source.ts";
import { translateSource } from "./translate-source.ts";

/** A chain whose classes live in this process. */
export interface ImportedChain {
  readonly source: string;
  readonly entrypoint: ChainletClass;
}

/**
 * Imports a chain's source into this process, to run it here. No constructor runs yet.
 *
 * @throws ChainsError when the source cannot be read or imported, or when the chain breaks a rule.
 */
export async function importChain(source: string, options: DiscoverOptions = {}): Promise<ImportedChain> {
  const file = await resolveSource(source, options.cwd);
  // Stacks then name the user's own files and lines.
  process.setSourceMapsEnabled(true);
  const translated = await translateSource(file, await createProcessDirectory());
  const imported = importSource(translated, file, (exports) => {
    const entrypoint = selectEntrypoint(exports, file, options.entrypoint);
    assertValidChain(entrypoint, exportedChainlets(exports));
    return { source: file, entrypoint: entrypoint as ChainletClass };
  });
  return inTime(imported, file, options.timeoutSec ?? IMPORT_SEC);
}
