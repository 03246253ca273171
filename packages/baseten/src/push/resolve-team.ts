import { ChainsError } from "@truss-chains/errors";
import type { Baseten } from "../api/baseten.ts";
import { listChains } from "../api/chains.ts";
import { listTeams, type Team } from "../api/teams.ts";

/**
 * The team that a chain belongs to: the one that is named, by the option or by the account; else the only one that has
 * a chain of this name; else the only one there is.
 *
 * @throws ChainsError `TEAM_UNKNOWN`; `USAGE` when several could be meant.
 */
export async function resolveTeam(
  baseten: Baseten,
  chainName: string,
  wanted: string | undefined = baseten.account.team,
): Promise<Team | undefined> {
  const teams = await listTeams(baseten);
  const names = teams.map(({ name }) => name).join(", ");
  if (wanted !== undefined) {
    const team = teams.find(({ name }) => name === wanted);
    if (team) return team;
    throw new ChainsError("TEAM_UNKNOWN", `There is no team named ${wanted}.`, {
      fix: `There are ${names}.`,
    });
  }
  if (teams.length <= 1) return teams[0];
  const chains = (await listChains(baseten)).filter(({ name }) => name === chainName);
  const owners = teams.filter(({ id }) => chains.some(({ team }) => team?.id === id));
  if (owners.length === 1) return owners[0];
  const why =
    owners.length === 0
      ? `The chain ${chainName} is new, and there are several teams`
      : `Several teams have a chain named ${chainName}`;
  throw new ChainsError("USAGE", `${why}: ${names}.`, { fix: "Choose one with --team." });
}
