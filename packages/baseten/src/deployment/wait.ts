import { setTimeout as delay } from "node:timers/promises";
import { ChainsError } from "@truss-chains/errors";
import type { Baseten } from "../api/baseten.ts";
import type { ChainletStatus, DeployedChain, DeployedChainlet } from "../api/chain-status.ts";
import { readLogs } from "../api/logs.ts";

export interface WaitOptions {
  /** Milliseconds between two looks; 2000 by default. */
  readonly pollMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told when a state has changed. */
  readonly onChange?: (chainlets: readonly DeployedChainlet[]) => void;
}

const UNDER_WAY: ReadonlySet<ChainletStatus> = new Set([
  "BUILDING",
  "DEPLOYING",
  "LOADING_MODEL",
  "UPDATING",
  "WAKING_UP",
  "UNKNOWN",
]);

// A chainlet that nobody calls may be scaled down again before the slowest one is up: it has been active.
const UP: ReadonlySet<ChainletStatus> = new Set(["ACTIVE", "SCALED_TO_ZERO"]);

/** How long the service may be unreachable, or tell nothing that we understand. */
const PATIENCE_MS = 300_000;

interface Waited {
  readonly chainName: string;
  status(): Promise<DeployedChain>;
}

/** Looks at a deployment until all of it is up, or any of it has failed: a chain without a part is of no use. */
export async function waitUntilActive(
  baseten: Baseten,
  deployment: Waited,
  { pollMs = 2000, signal, onChange = () => {} }: WaitOptions,
): Promise<DeployedChain> {
  let shown = "";
  let understood = Date.now();
  for (;;) {
    const now = await deployment.status().catch((thrown: unknown) => {
      if (signal?.aborted) throw goesOn(deployment.chainName);
      const isPassing = thrown instanceof ChainsError && thrown.code === "API_FAILED";
      if (!isPassing || Date.now() - understood > PATIENCE_MS) throw thrown;
      return undefined;
    });
    if (now) {
      const { chainlets } = now;
      const states = chainlets.map(({ name, status }) => `${name}=${status}`).join();
      if (states !== shown) onChange(chainlets);
      shown = states;
      if (chainlets.every(({ status }) => UP.has(status))) return now;
      const failed = chainlets.filter(({ status }) => !UP.has(status) && !UNDER_WAY.has(status));
      const isStuck =
        chainlets.some(({ status }) => status === "UNKNOWN") && Date.now() - understood > PATIENCE_MS;
      if (failed.length > 0 || isStuck) throw await failure(baseten, deployment.chainName, now, failed);
      if (chainlets.every(({ status }) => status !== "UNKNOWN")) understood = Date.now();
    }
    await delay(pollMs, undefined, signal && { signal }).catch(() => {
      throw goesOn(deployment.chainName);
    });
  }
}

function goesOn(chain: string): ChainsError {
  return new ChainsError("INTERRUPTED", `Baseten goes on deploying ${chain} without us.`, {
    fix: "Look at it with chains status; remove it with chains delete.",
  });
}

const LAST_LINES = 20;

async function failure(
  baseten: Baseten,
  chain: string,
  { deploymentId, chainlets }: DeployedChain,
  failed: readonly DeployedChainlet[],
): Promise<ChainsError> {
  const logs = Object.fromEntries(
    await Promise.all(
      failed.map(async ({ name, model, versionId }): Promise<[string, readonly string[]]> => {
        // The logs explain the failure; that they cannot be had must not hide it.
        const entries = await readLogs(baseten, { modelId: model.id, versionId }).catch(() => []);
        return [name, entries.slice(-LAST_LINES).map(({ message }) => message)];
      }),
    ),
  );
  const what =
    failed.map(({ name, status }) => `${name} is ${status}`).join(", ") || "some states are unknown";
  return new ChainsError("DEPLOY_FAILED", `The deployment of ${chain} failed: ${what}.`, {
    fix: "Look at the logs with chains logs; the deployment stays as it is until you push again or delete it.",
    data: {
      deploymentId,
      chainlets: chainlets.map(({ name, status }) => ({ name, status })),
      logs,
    },
  });
}
