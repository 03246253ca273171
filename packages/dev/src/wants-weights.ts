import type { WeightsOwner } from "./local-weights.ts";

/**
 * Whether weights of a chainlet are to be fetched before it starts. Who says with `CHAINS_WEIGHTS_ROOT` where they are
 * has them there.
 */
export function wantsWeights({ assets }: Pick<WeightsOwner, "assets">): boolean {
  const isGiven = Boolean(process.env.CHAINS_WEIGHTS_ROOT);
  return !isGiven && (assets.cached.some((repo) => repo.useVolume) || assets.weights.length > 0);
}
