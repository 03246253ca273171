import { ChainsError, type ErrorCode } from "@truss-chains/errors";
import type { DiscoveredChain } from "./discovered-chain.ts";
import { DiscoveryProcess } from "./discovery-process.ts";
import { IMPORT_SEC } from "./in-time.ts";
import { createProcessDirectory, removeProcessDirectory } from "./process-directory.ts";
import { resolveSource } from "./resolve-source.ts";

export interface DiscoverOptions {
  /** Class name; needed only where the source marks no entrypoint, or several. */
  readonly entrypoint?: string | undefined;
  /** What relative paths are relative to; the current directory by default. */
  readonly cwd?: string;
  /** Seconds that importing the source may take; 60 by default. */
  readonly timeoutSec?: number;
  /** Ends the process that imports the source; the call then rejects with an `AbortError`. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads a chain's source and describes the chain. The source is imported in a process of its own; no constructor runs.
 *
 * @throws ChainsError when the source cannot be read or imported, or when the chain breaks a rule.
 */
export async function discoverChain(source: string, options: DiscoverOptions = {}): Promise<DiscoveredChain> {
  const { cwd, entrypoint, timeoutSec = IMPORT_SEC, signal } = options;
  const file = await resolveSource(source, cwd);
  const worker = new DiscoveryProcess(file, signal);
  // Takes a while to load, and the other process does not need to wait for it.
  const { translateSource } = await import("./translate-source.ts");
  const directory = await createProcessDirectory();
  try {
    const { file: translated, modules } = await translateSource(file, directory);
    const answer = await worker.ask({ translated, modules, source: file, entrypoint }, timeoutSec);
    if (!answer.ok) throw revive(answer.error);
    return { source: file, modules, ...answer.description };
  } finally {
    worker.end();
    await removeProcessDirectory(directory);
  }
}

function revive(error: Record<string, unknown>): ChainsError {
  const { code, message, ...rest } = error;
  return new ChainsError(code as ErrorCode, String(message), rest);
}
