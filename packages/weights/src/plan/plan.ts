import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { ChainsError } from "@truss-chains/errors";
import pMap from "p-map";
import { shareSignal } from "../control/share-signal.ts";
import { asLocked } from "../lock/locked-source.ts";
import type { Lockfile } from "../lock/lockfile.ts";
import { selectFiles } from "../manifest/create.ts";
import type { RemoteFile, SourceContext } from "../sources/fetcher.ts";
import { openSource } from "../sources/open.ts";
import { sourceLabel } from "../sources/reference.ts";
import { fits, freeBytes } from "../transfer/disk.ts";
import { readDemand, type WeightsDemand, type WeightsRequest } from "./demand.ts";

const SOURCES_AT_ONCE = 4;

/** What fetching would do, without fetching. */
export interface WeightsPlan {
  readonly sources: readonly PlannedSource[];
  readonly files: number;
  readonly bytes: number;
  /** On the disk of the target directory. */
  readonly freeBytes: number;
  readonly fits: boolean;
  readonly warnings: readonly string[];
}

export interface PlannedSource {
  readonly demand: WeightsDemand;
  /** `hf://owner/repo@main` */
  readonly source: string;
  /** The commit that the revision is now; the empty string for sources without revisions, or when it is unknown. */
  readonly revision: string;
  /** Whether the configured revision is that commit already, or the source has none. */
  readonly pinned: boolean;
  readonly files: readonly RemoteFile[];
  readonly bytes: number;
  /** Why it cannot be read; `null` when it can. */
  readonly error: ChainsError | null;
}

export interface PlanOptions {
  readonly context: SourceContext;
  /** Where the weights would go; it need not exist. */
  readonly dir: string;
  /** What it records is taken from it, without asking the source. */
  readonly lockfile?: Lockfile | undefined;
  readonly signal?: AbortSignal;
}

/** Lists every source and adds up. A source that cannot be read is part of the plan, with the reason. */
export async function planWeights(
  requests: readonly WeightsRequest[],
  { context, dir, lockfile, signal }: PlanOptions,
): Promise<WeightsPlan> {
  const warnings: string[] = [];
  if (signal !== undefined) shareSignal(signal);
  const listening = { ...context, warn: (message: string) => void warnings.push(message) };
  const sources = await pMap(
    requests.map(readDemand),
    (demand) => planSource(demand, listening, lockfile, signal),
    { concurrency: SOURCES_AT_ONCE },
  );
  const bytes = sources.reduce((sum, source) => sum + source.bytes, 0);
  const free = await freeBytes(existingParent(resolve(dir)));
  return {
    sources,
    files: sources.reduce((sum, { files }) => sum + files.length, 0),
    bytes,
    freeBytes: free,
    fits: fits(bytes, free),
    warnings: [...new Set(warnings)],
  };
}

async function planSource(
  demand: WeightsDemand,
  context: SourceContext,
  lockfile: Lockfile | undefined,
  signal: AbortSignal | undefined,
): Promise<PlannedSource> {
  const { reference, secretName } = demand;
  const source = sourceLabel(reference);
  const wanted = reference.provider === "hf" ? reference.revision || "main" : "";
  try {
    const fetcher = asLocked(openSource(reference, secretName, context), source, demand, lockfile);
    const revision = await fetcher.resolveRevision(signal);
    const files = await selectFiles(fetcher, source, demand, context, signal);
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    return { demand, source, revision, pinned: revision === wanted, files, bytes, error: null };
  } catch (error) {
    if (!(error instanceof ChainsError)) throw error;
    return { demand, source, revision: "", pinned: false, files: [], bytes: 0, error };
  }
}

function existingParent(dir: string): string {
  let current = dir;
  while (!existsSync(current)) current = dirname(current);
  return current;
}
