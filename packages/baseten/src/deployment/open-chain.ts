import { ChainsError } from "@truss-chains/errors";
import { type AccountOptions, resolveAccount } from "../accounts/resolve-account.ts";
import { type Baseten, openBaseten } from "../api/baseten.ts";
import { type ChainSummary, deleteChain, listChains } from "../api/chains.ts";
import type { HttpOptions } from "../api/http.ts";

/** Which chain of which account. */
export interface ChainQuery extends AccountOptions {
  /** Name or id; may be left out where the account has one chain. */
  readonly chain?: string | undefined;
  /** Name of the team, where several have a chain of that name. */
  readonly team?: string | undefined;
  readonly http?: HttpOptions | undefined;
}

/** A chain as a whole. It need not have a deployment. */
export interface OpenedChain {
  readonly name: string;
  readonly id: string;
  /** Deletes it with all of its deployments. @throws ChainsError `API_REJECTED` */
  delete(): Promise<void>;
}

/**
 * Finds a chain.
 *
 * @throws ChainsError `CHAIN_NOT_FOUND`; `USAGE` when several chains could be meant.
 */
export async function openChain(query: ChainQuery = {}): Promise<OpenedChain> {
  const baseten = openBaseten(await resolveAccount(query), query.http);
  const { name, id } = await pickChain(baseten, query);
  return { name, id, delete: () => deleteChain(baseten, id) };
}

/** Finds a chain by its name or id. */
export async function pickChain(
  baseten: Baseten,
  { chain: wanted, team = baseten.account.team, choose }: ChainQuery,
): Promise<ChainSummary> {
  const all = await listChains(baseten);
  const found = all.filter(
    (chain) =>
      (wanted === undefined || chain.name === wanted || chain.id === wanted) &&
      (team === undefined || chain.team === null || chain.team.name === team),
  );
  if (found.length === 1) return found[0]!;
  const names = [...new Set(all.map(team === undefined ? ({ name }) => name : label))].join(", ");
  if (found.length === 0) {
    const where = team === undefined ? "" : ` in the team ${team}`;
    const what =
      wanted === undefined
        ? `The account has no chain${where}.`
        : `There is no chain named ${wanted}${where}.`;
    throw notFound(what, names === "" ? "Push one with chains push." : `The account has ${names}.`);
  }
  if (choose) {
    const options = found.map(label).sort();
    const chosen = await choose({ what: "chain", message: "Which chain?", options });
    return found.find((chain) => label(chain) === chosen)!;
  }
  throw new ChainsError("USAGE", `Several chains could be meant: ${found.map(label).join(", ")}.`, {
    fix: wanted === undefined ? "Name one with --chain." : "Name its team with --team.",
  });
}

function label({ name, team }: ChainSummary): string {
  return team ? `${name} (team ${team.name})` : name;
}

export function notFound(message: string, fix: string): ChainsError {
  return new ChainsError("CHAIN_NOT_FOUND", message, { fix });
}
