import type { z } from "zod";
import { Fault } from "../rules/fault.ts";
import { list } from "./collection.ts";
import { text } from "./scalar.ts";
import { section } from "./section.ts";

const artifactReference = section({
  training_job_id: text.describe("The training job that made the files."),
  paths: list(text).default([]).describe("Its files; * and ? are wildcards."),
});

export const trainingCheckpoints = section(
  {
    download_folder: text.default("/tmp/training_checkpoints").describe("Where the checkpoints are put."),
    artifact_references: list(artifactReference).default([]).describe("Files of training jobs."),
    loops_checkpoint_ids: list(text)
      .default([])
      .describe("Checkpoints of Loops. Not along with artifact_references."),
  },
  {
    after: (value, found) => {
      if (value.artifact_references.length > 0 && value.loops_checkpoint_ids.length > 0) {
        found(
          new Fault(
            "`artifact_references` and `loops_checkpoint_ids` exclude each other.",
            "Keep one of the two.",
          ),
        );
      }
      return undefined;
    },
  },
);
/** Checkpoints of training jobs to deploy. */
export type TrainingCheckpoints = z.output<typeof trainingCheckpoints>;
