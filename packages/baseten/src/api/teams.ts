import { z } from "zod";
import type { Baseten } from "./baseten.ts";

export interface Team {
  readonly id: string;
  readonly name: string;
  readonly default: boolean;
}

const teams = z.object({
  teams: z.array(z.object({ id: z.string(), name: z.string(), default: z.boolean() })),
});

/** The teams that the account may use. */
export async function listTeams({ graphql }: Baseten): Promise<readonly Team[]> {
  return (await graphql.run("query Teams { teams { id name default } }", teams)).teams;
}

const identity = z.object({
  organization: z.object({ workspace_name: z.string() }),
  user: z.object({ email: z.string() }),
});

/** Whose key it is. */
export async function whoAmI({ graphql }: Baseten): Promise<{ workspace: string; email: string }> {
  const { organization, user } = await graphql.run(
    "query{organization{workspace_name}user{email}}",
    identity,
  );
  return { workspace: organization.workspace_name, email: user.email };
}
