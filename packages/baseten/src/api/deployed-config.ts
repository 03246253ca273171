import { z } from "zod";
import type { Baseten } from "./baseten.ts";

const answer = z.object({ config: z.record(z.string(), z.unknown()) });

/** The config that a model's deployment was made with. */
export async function readDeployedConfig(
  { rest }: Baseten,
  modelId: string,
  versionId: string,
): Promise<Record<string, unknown>> {
  const path = `/v1/models/${encodeURIComponent(modelId)}/deployments/${encodeURIComponent(versionId)}/config`;
  return (await rest.get(path, answer)).config;
}
