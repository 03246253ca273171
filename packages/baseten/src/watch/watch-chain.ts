import { discoverChain } from "@truss-chains/compiler";
import { ChainsError } from "@truss-chains/errors";
import { watch } from "chokidar";
import type { ChainDeployment } from "../deployment/chain-deployment.ts";
import { push } from "../push/push.ts";
import type { PushOptions } from "../push/push-options.ts";

export interface WatchOptions
  extends Omit<PushOptions, "draft" | "environment" | "promote" | "deploymentName" | "wait"> {
  readonly signal: AbortSignal;
  /** Told after each push that came to its end. */
  readonly onDeployed?: (deployment: ChainDeployment) => void | Promise<void>;
  /** Told why a push failed; the next change starts another. */
  readonly onFailed?: (error: ChainsError) => void | Promise<void>;
  /** Told of each change that starts a push. */
  readonly onChange?: () => void;
}

// Editors write a file in several steps; a burst of events is one change.
const QUIET_MS = 100;

/**
 * Pushes the chain as a development deployment, and again whenever one of its own files changes, until the signal.
 * Custom servers cannot be patched in place, so every change is a push of the whole chain.
 */
export async function watchChain(source: string, options: WatchOptions): Promise<void> {
  const { signal, onDeployed = () => {}, onFailed = () => {}, onChange = () => {}, ...rest } = options;
  const watcher = watch([], {
    ignoreInitial: true,
    awaitWriteFinish: { stabilityThreshold: QUIET_MS, pollInterval: 20 },
  });
  let isChanged = false;
  let wake = () => {};
  watcher.on("all", () => {
    isChanged = true;
    wake();
  });
  signal.addEventListener("abort", () => wake(), { once: true });
  try {
    while (!signal.aborted) {
      watcher.add(await filesOf(source, rest));
      isChanged = false;
      await pushOnce(source, { ...rest, signal }, onDeployed, onFailed);
      if (!isChanged && !signal.aborted)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      if (!signal.aborted) onChange();
    }
  } finally {
    await watcher.close();
  }
}

async function pushOnce(
  source: string,
  options: PushOptions,
  onDeployed: NonNullable<WatchOptions["onDeployed"]>,
  onFailed: NonNullable<WatchOptions["onFailed"]>,
): Promise<void> {
  try {
    await onDeployed(await push(source, { ...options, draft: true }));
  } catch (thrown) {
    if (!(thrown instanceof ChainsError)) throw thrown;
    if (thrown.code !== "INTERRUPTED") await onFailed(thrown);
  }
}

/** The chain's own files; of a source that cannot be read now, the source alone. */
async function filesOf(source: string, { entrypoint, cwd }: PushOptions): Promise<string[]> {
  return discoverChain(source, { entrypoint, ...(cwd !== undefined && { cwd }) }).then(
    ({ modules }) => [...modules],
    () => [source],
  );
}
