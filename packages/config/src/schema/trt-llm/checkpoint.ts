import type { z } from "zod";
import { Fault, quote } from "../../rules/fault.ts";
import { choice, text } from "../scalar.ts";
import { section } from "../section.ts";

/** Checks a repository id as the Hugging Face client does before it asks the Hub. */
function checkHuggingFaceRepo(id: string): Fault | undefined {
  const form = /^(?:[\w.-]{1,96}\/)?[\w.-]{1,96}$/;
  const wordEnds = id.split("/").every((part) => /^\w/.test(part) && /\w$/.test(part));
  if (form.test(id) && wordEnds && !id.includes("--") && !id.includes("..") && !id.endsWith(".git"))
    return undefined;
  return new Fault(`${quote(id)} is not the id of a Hugging Face repository.`, 'Write it as "owner/name".');
}

export const checkpointRepository = section(
  {
    source: choice(["HF", "GCS", "S3", "AZURE", "LOCAL", "REMOTE_URL", "BASETEN_TRAINING"]).describe(
      "Where the checkpoint is.",
    ),
    repo: text.describe("The repository, bucket, URL or training job."),
    revision: text.nullable().default(null).describe("The commit, branch or training run."),
    runtime_secret_name: text.default("hf_access_token").describe("The secret that holds the credentials."),
  },
  {
    after: (value, found) => {
      const fault = value.source === "HF" ? checkHuggingFaceRepo(value.repo) : undefined;
      if (fault) found(fault, ["repo"]);
      return undefined;
    },
  },
);
export type CheckpointRepository = z.output<typeof checkpointRepository>;
