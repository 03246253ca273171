import { z } from "zod";
import type { Baseten } from "./baseten.ts";
import { literal } from "./graphql.ts";

export interface ChainSummary {
  readonly id: string;
  readonly name: string;
  readonly team: { readonly id: string; readonly name: string } | null;
}

const team = z.object({ id: z.string(), name: z.string() });
const chains = z.object({
  chains: z.array(z.object({ id: z.string(), name: z.string(), team: team.nullable() })),
});

/** The chains of a team, or all that the account may see. */
export async function listChains({ graphql }: Baseten, teamId?: string): Promise<readonly ChainSummary[]> {
  const which = teamId === undefined ? "all: true" : `team_id: ${literal(teamId)}`;
  return (await graphql.run(`{ chains(${which}) { id name team { id name } } }`, chains)).chains;
}

export interface DeploymentSummary {
  readonly id: string;
  /** ISO 8601. */
  readonly created: string;
  readonly is_draft: boolean;
}

const deployments = z.object({
  chain: z
    .object({
      deployments: z.array(z.object({ id: z.string(), created: z.string(), is_draft: z.boolean() })),
    })
    .nullable(),
});

/** A chain's deployments, the newest first. */
export async function listDeployments(
  { graphql }: Baseten,
  chainId: string,
): Promise<readonly DeploymentSummary[]> {
  const text = `{ chain(id: ${literal(chainId)}) { deployments { id created is_draft } } }`;
  const { chain } = await graphql.run(text, deployments);
  return [...(chain?.deployments ?? [])].sort(
    (left, right) => Date.parse(right.created) - Date.parse(left.created),
  );
}

const nothing = z.unknown();

/** Deletes a chain with all of its deployments. */
export async function deleteChain({ rest }: Baseten, chainId: string): Promise<void> {
  await rest.delete(`/v1/chains/${encodeURIComponent(chainId)}`, nothing);
}

export async function deleteDeployment({ rest }: Baseten, chainId: string, id: string): Promise<void> {
  await rest.delete(
    `/v1/chains/${encodeURIComponent(chainId)}/deployments/${encodeURIComponent(id)}`,
    nothing,
  );
}
