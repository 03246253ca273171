import { setTimeout as delay } from "node:timers/promises";
import type { Baseten } from "../api/baseten.ts";
import type { DeployedChainlet } from "../api/chain-status.ts";
import { type LogEntry, readLogs } from "../api/logs.ts";

export interface ChainletLogEntry extends LogEntry {
  /** Display name. */
  readonly chainlet: string;
}

export interface LogOptions {
  /** Milliseconds since 1970; as far back as Baseten likes by default. */
  readonly from?: number;
  /** Goes on with what comes, until the signal. */
  readonly follow?: boolean;
  /** Milliseconds between two looks; 2000 by default. */
  readonly pollMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Lines of replicas may come late and out of order, so each look goes back a little. */
const OVERLAP_MS = 60_000;

/** The log lines of chainlets, the oldest first; with `follow`, those that come too. */
export async function* readChainletLogs(
  baseten: Baseten,
  chainlets: readonly DeployedChainlet[],
  { from, follow = false, pollMs = 2000, signal }: LogOptions,
): AsyncGenerator<ChainletLogEntry> {
  const seen = new Map<string, bigint>();
  let since = from;
  for (;;) {
    const looked = Date.now();
    const range = since === undefined ? {} : { from: since };
    const lists = await Promise.all(
      chainlets.map(async ({ name, model, versionId }) =>
        (await readLogs(baseten, { modelId: model.id, versionId }, range)).map((entry) => ({
          ...entry,
          chainlet: name,
        })),
      ),
    );
    for (const entry of lists.flat().sort(byTime)) {
      const key = `${entry.chainlet}\n${entry.replica}\n${entry.timestamp}\n${entry.message}`;
      if (seen.has(key)) continue;
      seen.set(key, BigInt(entry.timestamp));
      yield entry;
    }
    if (!follow) return;
    since = Math.max(since ?? 0, looked - OVERLAP_MS);
    forgetBefore(seen, BigInt(since - OVERLAP_MS) * 1_000_000n);
    await delay(pollMs, undefined, signal && { signal }).catch(() => {});
    if (signal?.aborted) return;
  }
}

function byTime(left: LogEntry, right: LogEntry): number {
  const [first, second] = [BigInt(left.timestamp), BigInt(right.timestamp)];
  return first < second ? -1 : first > second ? 1 : 0;
}

function forgetBefore(seen: Map<string, bigint>, bound: bigint): void {
  for (const [key, at] of seen) if (at < bound) seen.delete(key);
}
