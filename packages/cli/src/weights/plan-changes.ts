import type { PushPlan, WeightsEntry } from "@truss-chains/baseten";
import { planWeights, readSettings, sourceContext } from "@truss-chains/weights";

/** One source of weights that a push adds or removes. */
export interface WeightsChange {
  readonly chainlet: string;
  readonly change: "added" | "removed";
  readonly source: string;
  /** Null when the source cannot be listed from here, for want of credentials or a network. */
  readonly bytes: number | null;
}

/** What a push changes in weights, with sizes as their sources tell them now. */
export async function planWeightsChanges(plan: PushPlan): Promise<WeightsChange[]> {
  const entries = plan.chainlets.flatMap(({ name, weights }) => [
    ...weights.added.map((entry) => ({ chainlet: name, change: "added" as const, entry })),
    ...weights.removed.map((entry) => ({ chainlet: name, change: "removed" as const, entry })),
  ]);
  if (entries.length === 0) return [];
  const context = sourceContext(readSettings(process.env), process.env, () => {});
  const requests = entries.map(({ entry }): WeightsEntry => entry);
  const { sources } = await planWeights(requests, { context, dir: "." });
  return entries.map(({ chainlet, change }, index) => {
    const { source, bytes, error } = sources[index]!;
    return { chainlet, change, source, bytes: error ? null : bytes };
  });
}
