import { ChainsError } from "@truss-chains/errors";
import type { Baseten } from "../api/baseten.ts";
import { type ChainEnvironment, listEnvironments } from "../api/environments.ts";

/**
 * An environment of a chain.
 *
 * @throws ChainsError `ENVIRONMENT_NOT_FOUND` naming those that there are.
 */
export async function needEnvironment(
  baseten: Baseten,
  chain: { readonly id: string; readonly name: string },
  name: string,
): Promise<ChainEnvironment> {
  const all = await listEnvironments(baseten, chain.id);
  const found = all.find((environment) => environment.name === name);
  if (found) return found;
  const create = "Create it in the chain's settings at Baseten, or correct its name.";
  throw new ChainsError("ENVIRONMENT_NOT_FOUND", `${chain.name} has no environment ${name}.`, {
    fix: all.length === 0 ? create : `It has ${all.map((each) => each.name).join(", ")}. ${create}`,
  });
}
