import { createLockfile } from "../lock/lockfile.ts";
import type { WeightsRequest } from "../plan/demand.ts";
import { type PlanOptions, planWeights, type WeightsPlan } from "../plan/plan.ts";
import { afterPinning } from "./pin.ts";

/**
 * The plan of what is written once revisions were replaced: the one to make `chains.lock` from. Nobody is asked, the
 * files are those of the plan before. What a person wrote in a way that could not be replaced is still not `pinned`.
 *
 * @param plan from before, without sources that cannot be read
 * @param requests as they are written now
 * @throws ChainsError the first source's that cannot be read
 */
export async function planPinned(
  plan: WeightsPlan,
  requests: readonly WeightsRequest[],
  options: Omit<PlanOptions, "lockfile">,
): Promise<WeightsPlan> {
  const lockfile = createLockfile({ sources: [...plan.sources, ...afterPinning(plan).sources] });
  return planWeights(requests, { ...options, lockfile });
}
