import { ChainsError } from "@truss-chains/errors";
import type { Choose } from "../accounts/choose.ts";
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
  choose?: Choose | undefined,
): Promise<Team | undefined> {
  const teams = await listTeams(baseten);
  if (wanted !== undefined) {
    const team = teams.find(({ name }) => name === wanted);
    if (team) return team;
    throw new ChainsError("TEAM_UNKNOWN", `There is no team named ${wanted}.`, {
      fix:
        teams.length > 0
          ? `The account has ${teams.map(({ name }) => name).join(", ")}.`
          : "The account has no teams: leave out --team, and the account's team.",
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
  const candidates = owners.length === 0 ? teams : owners;
  if (choose) {
    const options = [...candidates].sort(defaultFirst).map(({ name }) => name);
    const chosen = await choose({ what: "team", message: `${why}. Which one?`, options });
    return candidates.find(({ name }) => name === chosen);
  }
  const names = candidates.map(({ name }) => name).join(", ");
  throw new ChainsError("USAGE", `${why}: ${names}.`, { fix: "Choose one with --team." });
}

function defaultFirst(left: Team, right: Team): number {
  return (
    Number(right.default) - Number(left.default) ||
    left.name.localeCompare(right.name, "en", { sensitivity: "base" })
  );
}
