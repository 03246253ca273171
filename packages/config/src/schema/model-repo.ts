import type { z } from "zod";
import { MODEL_REPO_KINDS } from "../constants.ts";
import type { PlainRecord } from "../record.ts";
import { Fault, quote } from "../rules/fault.ts";
import { describe } from "./fault.ts";
import { choice, flag, nonEmptyText, text, textWhere } from "./scalar.ts";
import { type Report, section } from "./section.ts";
import { isTruthy } from "./truthy.ts";
import { patterns } from "./weights.ts";

/** Checks the revision of a model repository: none, or at least two characters. */
export function checkRevision(revision: string): Fault | undefined {
  if (revision.length !== 1) return undefined;
  return new Fault(
    `The revision ${quote(revision)} is a single character.`,
    "Write a commit, a branch, or nothing.",
  );
}

const fields = {
  repo_id: nonEmptyText.describe("The Hugging Face repository, or the URI of a bucket for the other kinds."),
  revision: textWhere(checkRevision).default("").describe("The commit or branch; for Hugging Face only."),
  allow_patterns: patterns.describe("Take only files that match one of these wildcards."),
  ignore_patterns: patterns.describe("Leave out files that match one of these wildcards."),
  volume_folder: nonEmptyText
    .nullable()
    .default(null)
    .describe("The directory below /app/model_cache at which the files appear."),
  use_volume: flag.describe("Fetch at start-up (true), or bake into the image (false)."),
  kind: choice(MODEL_REPO_KINDS).default("hf").describe("Where the repository is."),
  runtime_secret_name: text.default("hf_access_token").describe("The secret that holds the credentials."),
};

/**
 * A volume needs a folder, and from Hugging Face a revision. Truss looks at these before it converts anything, so
 * that the text "false" counts as true here.
 */
function checkVolume(raw: PlainRecord, found: Report): undefined {
  if (!isTruthy(raw.use_volume)) return;
  const { revision, kind, volume_folder: folder, repo_id: repo } = raw;
  if ((kind === undefined || kind === null || kind === "hf") && !isTruthy(revision)) {
    const commits =
      typeof repo === "string" ? ` Pick one at https://huggingface.co/${repo}/commits/main` : "";
    found(
      new Fault("A Hugging Face repository in a volume needs a `revision`.", `Add \`revision\`.${commits}`),
      "revision" in raw ? ["revision"] : [],
    );
  }
  if (folder === undefined || folder === null || folder === "") {
    found(
      new Fault(
        "A repository in a volume needs a `volume_folder`.",
        "Add `volume_folder`, a directory name.",
      ),
      "volume_folder" in raw ? ["volume_folder"] : [],
    );
  }
}

const notARepo = (raw: unknown) =>
  new Fault(
    `Expected a model repository, but got ${describe(raw)}.`,
    "Write `repo_id` and `use_volume` below it.",
  );

export const modelRepo = section(fields, { before: checkVolume, otherwise: notARepo });
export type ModelRepo = z.output<typeof modelRepo>;

/** An entry of `cache_internal`: a model repository that need not say `use_volume`. */
export const internalModelRepo = section(
  {
    ...fields,
    use_volume: flag.default(false).describe("Fetch at start-up instead of baking into the image."),
  },
  { before: checkVolume, otherwise: notARepo },
);
