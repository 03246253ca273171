import { mkdir } from "node:fs/promises";
import type { ChainsError } from "@truss-chains/errors";
import type { StateDir } from "../state/state-dir.ts";
import { TargetLock } from "../state/target-lock.ts";
import { diskFault } from "./disk.ts";
import type { OnTransferEvent } from "./events.ts";

const READ_ONLY: ReadonlySet<string> = new Set(["EROFS", "EACCES", "EPERM"]);

/** A target directory, for the time of one transfer. */
export interface Target {
  /** Why nothing can be written there; `null` when this process may, and no other does. */
  readonly refusal: ChainsError | null;
  release(): Promise<void>;
}

/**
 * Waits until nobody else writes the target. One that is read-only is opened, too: it may hold everything already, as
 * in an image that was built with its weights.
 *
 * @throws ChainsError `FILE_NOT_WRITABLE`, `WEIGHTS_DISK_FULL`; the signal's reason
 */
export async function openTarget(
  state: StateDir,
  options: { readonly signal: AbortSignal; readonly onEvent: OnTransferEvent },
): Promise<Target> {
  const { signal, onEvent } = options;
  const { root } = state;
  const onWait = ({ pid }: { pid: number }) => onEvent({ type: "waiting", pid, target: root });
  try {
    await mkdir(root, { recursive: true });
    const lock = await TargetLock.acquire(state, { signal, onWait });
    return { refusal: null, release: () => lock.release().then(() => state.removeIfEmpty()) };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const refusal = diskFault(error, root);
    if (!READ_ONLY.has((error as NodeJS.ErrnoException).code ?? "")) throw refusal;
    return { refusal, release: async () => {} };
  }
}
