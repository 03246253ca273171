import { resolve } from "node:path";
import { toPointer } from "../manifest/create.ts";
import { DEFAULT_SECRET_NAME, type Manifest } from "../manifest/pointer.ts";
import { MODEL_CACHE_ROOT } from "../paths/roots.ts";
import { type RunResult, runTransfer } from "../run/run.ts";
import type { Settings } from "../settings.ts";
import type { OnTransferEvent } from "../transfer/events.ts";
import type { WeightsPlan } from "./plan.ts";

export interface PullOptions {
  readonly settings: Settings;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The weights root: volume folders and mount locations end up below it. */
  readonly dir: string;
  readonly onEvent?: OnTransferEvent;
  readonly signal?: AbortSignal;
}

/** The manifest of a plan, for the model cache's root. @throws ChainsError the first source's that cannot be read */
export function planManifest(plan: WeightsPlan): Manifest {
  const failed = plan.sources.find(({ error }) => error !== null);
  if (failed?.error) throw failed.error;
  const pointers = plan.sources.flatMap(({ demand, files }) =>
    files.map((file) =>
      toPointer(
        file,
        `${MODEL_CACHE_ROOT}/${demand.folder}/${file.path}`,
        demand.secretName ?? DEFAULT_SECRET_NAME,
      ),
    ),
  );
  return { pointers, models: null };
}

/**
 * Fetches what a plan lists into a directory of this machine.
 *
 * @throws ChainsError as the transfer does
 */
export async function pullWeights(plan: WeightsPlan, options: PullOptions): Promise<RunResult> {
  const dir = resolve(options.dir);
  return runTransfer({
    settings: { ...options.settings, downloadDir: dir, weightsRoot: dir },
    env: options.env,
    manifests: [planManifest(plan)],
    ...(options.onEvent && { onEvent: options.onEvent }),
    ...(options.signal && { signal: options.signal }),
  });
}
