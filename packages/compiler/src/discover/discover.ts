import { fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ChainsError, type ErrorCode } from "@truss-chains/errors";
import { bundleSource } from "./bundle-source.ts";
import type { DiscoveredChain } from "./discovered-chain.ts";
import { resolveSource } from "./resolve-source.ts";
import type { DiscoveryAnswer, DiscoveryRequest } from "./worker.ts";

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
  const file = await resolveSource(source, options.cwd);
  const directory = await mkdtemp(join(tmpdir(), "truss-chains-"));
  try {
    const { file: bundle, modules } = await bundleSource(file, directory);
    const request = { bundle, modules, source: file, entrypoint: options.entrypoint };
    const answer = await askWorker(request, options);
    if (!answer.ok) throw revive(answer.error);
    return { source: file, modules, ...answer.description };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

// A process always runs the built package, also while this file itself is run from its source.
const WORKER = "@truss-chains/compiler/discovery-worker";

function askWorker(
  request: DiscoveryRequest,
  { timeoutSec = 60, signal }: DiscoverOptions,
): Promise<DiscoveryAnswer> {
  const worker = fork(createRequire(import.meta.url).resolve(WORKER), {
    execArgv: ["--enable-source-maps"],
    // stdout is for results: what the source prints goes to stderr.
    stdio: ["ignore", 2, 2, "ipc"],
    killSignal: "SIGKILL",
    ...(signal && { signal }),
  });
  return new Promise<DiscoveryAnswer>((resolve, reject) => {
    const timer = setTimeout(() => {
      worker.kill("SIGKILL");
      reject(neverFinished(request.source, timeoutSec));
    }, timeoutSec * 1000);
    worker.once("message", (answer) => resolve(answer as DiscoveryAnswer));
    worker.once("error", reject);
    worker.once("exit", (code, signal) => {
      clearTimeout(timer);
      reject(exitedEarly(request.source, code, signal));
    });
    worker.send(request, (error) => error && reject(error));
  });
}

function neverFinished(source: string, seconds: number): ChainsError {
  return new ChainsError("SOURCE_THROWS", `Importing ${source} did not finish within ${seconds} seconds.`, {
    fix: "Look for a top-level await that never resolves; move slow work into a constructor.",
    location: { file: source },
  });
}

function exitedEarly(source: string, code: number | null, signal: string | null): ChainsError {
  const how = signal ? `was killed by ${signal}` : `exited with code ${code}`;
  return new ChainsError("SOURCE_THROWS", `The process that imported ${source} ${how}.`, {
    fix: "Do not call process.exit() while the module loads.",
    location: { file: source },
  });
}

function revive(error: Record<string, unknown>): ChainsError {
  const { code, message, ...rest } = error;
  return new ChainsError(code as ErrorCode, String(message), rest);
}
