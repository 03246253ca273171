import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TransferEvent } from "@truss-chains/weights";
import type { WeightsOwner } from "./local-weights.ts";
import { wantsWeights } from "./wants-weights.ts";
import { World } from "./world.ts";

export interface ProvideWeightsOptions {
  /** Values by name; for sources that want credentials. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly onEvent: (chainlet: string, event: TransferEvent) => void;
  readonly signal?: AbortSignal;
}

/** The weights of a whole chain below one directory, until it is disposed of. What was fetched stays for the next time. */
export interface ProvidedWeights extends AsyncDisposable {
  /** Undefined when the chain has no weights that could be fetched. */
  readonly directory: string | undefined;
}

/**
 * Fetches the weights of chainlets that run in one process.
 *
 * @param source the chain's; what the lockfile beside it records is not looked up.
 * @throws ChainsError why they cannot be had, or that two chainlets want different weights in one place.
 */
export async function provideWeights(
  source: string,
  chainlets: readonly WeightsOwner[],
  { secrets, onEvent, signal }: ProvideWeightsOptions,
): Promise<ProvidedWeights> {
  const owners = chainlets.filter(wantsWeights);
  if (owners.length === 0) return { directory: undefined, [Symbol.asyncDispose]: async () => {} };
  const { LocalWeights } = await import("./local-weights.ts");
  const weights = await LocalWeights.open(source);
  const directory = await mkdtemp(join(tmpdir(), "chains-weights-"));
  const remove = () => rm(directory, { recursive: true, force: true });
  const world = await World.create();
  try {
    await world.provide("chain", {}, secrets);
    for (const owner of owners) {
      await weights.provide(owner, directory, {
        secretsDir: world.secretsDirectory("chain"),
        onEvent: (event) => onEvent(owner.name, event),
        ...(signal && { signal }),
      });
    }
    return { directory, [Symbol.asyncDispose]: remove };
  } catch (thrown) {
    await remove();
    throw thrown;
  } finally {
    await world.remove();
  }
}
