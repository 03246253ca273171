import { z } from "zod";
import { readAnswer } from "./answer.ts";
import type { Baseten } from "./baseten.ts";
import { literal } from "./graphql.ts";

const validation = z.object({
  truss_validation: z.object({ success: z.boolean(), details: z.string().nullable() }),
});
const details = z.object({
  warnings: z.array(z.string()).default([]),
  errors: z.array(z.string()).default([]),
});

export interface TrussVerdict {
  readonly warnings: readonly string[];
  /** Empty when the config is accepted. */
  readonly errors: readonly string[];
}

/** What Baseten itself says of a config, before anything is uploaded. */
export async function validateTruss(
  { graphql }: Baseten,
  encodedConfig: string,
  userEnvironment: string,
): Promise<TrussVerdict> {
  const text = `query ($trussUserEnv: String) {
    truss_validation(truss_user_env: $trussUserEnv config: ${literal(encodedConfig)}) { success details } }`;
  const { truss_validation: verdict } = await graphql.run(text, validation, {
    trussUserEnv: userEnvironment,
  });
  const { warnings, errors } = readAnswer(details, verdict.details || "{}", "truss_validation");
  return { warnings, errors: verdict.success ? [] : errors };
}
