import { z } from "zod";
import type { Baseten } from "./baseten.ts";

const secrets = z.object({ secrets: z.array(z.object({ name: z.string() })) });

/** The names of the secrets of the account's organization; values are never given out. */
export async function listSecretNames({ rest }: Baseten): Promise<ReadonlySet<string>> {
  return new Set((await rest.get("/v1/secrets", secrets)).secrets.map(({ name }) => name));
}
