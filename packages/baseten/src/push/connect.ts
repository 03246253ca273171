import type { Account } from "../accounts/account.ts";
import { type Baseten, openBaseten } from "../api/baseten.ts";
import type { Team } from "../api/teams.ts";
import { needEnvironment } from "../deployment/need-environment.ts";
import { checkSecrets } from "./checks/check-secrets.ts";
import { noEnvironmentYet } from "./deploy.ts";
import { findChain } from "./find-deployment.ts";
import type { PreparedPush } from "./prepare.ts";
import type { PushOptions } from "./push-options.ts";
import { resolveTeam } from "./resolve-team.ts";

/** The account, and where in it the chain goes. */
export interface Connection {
  readonly baseten: Baseten;
  readonly team: Team | undefined;
}

/** Checks what only the account can tell: the team, the secrets, that there is an environment. */
export async function connect(
  { chain, resolved, report }: PreparedPush,
  account: Account,
  { team: wanted, http, signal, choose }: PushOptions,
): Promise<Connection> {
  report({ type: "step", step: "account", state: "start" });
  const baseten = openBaseten(account, { ...http, ...(signal && { signal }) });
  const team = await resolveTeam(baseten, chain.name, wanted, choose);
  const { environment } = resolved;
  // Every chain has production, or will have it by this push.
  if (environment !== undefined && environment !== "production") {
    const existing = await findChain(baseten, chain.name, team?.id);
    if (!existing) throw noEnvironmentYet(chain.name, environment);
    await needEnvironment(baseten, { id: existing.id, name: chain.name }, environment);
  }
  await checkSecrets(baseten, chain.chainlets);
  const where = team ? `${account.name}, team ${team.name}` : account.name;
  report({ type: "step", step: "account", state: "done", message: `Connected to ${where}` });
  return { baseten, team };
}
