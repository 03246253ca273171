import { z } from "zod";
import { Fault } from "../../rules/fault.ts";
import { choice, flag, strictInteger } from "../scalar.ts";
import { type Report, section, withGiven } from "../section.ts";
import { type TrtLlmBuild, trtLlmBuild } from "./build.ts";
import { checkpointRepository } from "./checkpoint.ts";
import { runtimeV1 } from "./runtime.ts";

const MOST_DRAFT_TOKENS = 2048;

const size = () => strictInteger(1).nullable().default(null);

const fields = {
  speculative_decoding_mode: choice(["DRAFT_TOKENS_EXTERNAL", "LOOKAHEAD_DECODING"])
    .default("DRAFT_TOKENS_EXTERNAL")
    .describe("How tokens are guessed. Only LOOKAHEAD_DECODING is supported still."),
  num_draft_tokens: size().describe("Tokens guessed per step; follows from the three sizes."),
  checkpoint_repository: checkpointRepository.nullable().default(null).describe("A draft model."),
  runtime: runtimeV1.prefault({}).describe("Runtime settings of the draft model."),
  build: z
    .lazy((): z.ZodType<TrtLlmBuild, unknown> => trtLlmBuild)
    .nullable()
    .default(null)
    .describe("Build settings of the draft model."),
  lookahead_windows_size: size().describe("The lookahead window."),
  lookahead_ngram_size: size().describe("The length of the n-grams."),
  lookahead_verification_set_size: size().describe("How many n-grams are verified per step."),
  enable_b10_lookahead: flag.nullable().default(false).describe("Use Baseten's lookahead."),
};

export const speculator = section(fields, {
  after: (value, found) => {
    if (value.speculative_decoding_mode === "DRAFT_TOKENS_EXTERNAL") {
      found(
        new Fault("Speculation with an external draft model is discontinued.", "Use LOOKAHEAD_DECODING."),
        ["speculative_decoding_mode"],
      );
      return undefined;
    }
    const needed = draftTokens(value, found);
    if (needed === undefined) return undefined;
    const tokens = value.num_draft_tokens ?? needed;
    const problem = checkDraftTokens(tokens, needed);
    if (problem) found(problem, value.num_draft_tokens === null ? [] : ["num_draft_tokens"]);
    return value.num_draft_tokens === null ? withGiven(value, { num_draft_tokens: tokens }) : undefined;
  },
});
/** Speculative decoding. */
export type Speculator = z.output<typeof speculator>;

interface Sizes {
  readonly lookahead_windows_size: number | null;
  readonly lookahead_ngram_size: number | null;
  readonly lookahead_verification_set_size: number | null;
}

/** The tokens that lookahead with these sizes needs. */
function draftTokens(sizes: Sizes, found: Report): number | undefined {
  const { lookahead_windows_size: w, lookahead_ngram_size: n, lookahead_verification_set_size: v } = sizes;
  if (w !== null && n !== null && v !== null) return (n === 1 ? 0 : n - 2) + (w - 1 + v) * (n - 1);
  const missing = Object.entries({
    lookahead_windows_size: w,
    lookahead_ngram_size: n,
    lookahead_verification_set_size: v,
  }).filter(([, value]) => value === null);
  for (const [key] of missing)
    found(new Fault(`Lookahead decoding needs \`${key}\`.`, `Add \`${key}\`.`), [key]);
  return undefined;
}

function checkDraftTokens(tokens: number, needed: number): Fault | undefined {
  if (tokens < 1)
    return new Fault(
      "These sizes give no draft tokens.",
      "Set `num_draft_tokens`, or raise the n-gram size.",
    );
  if (tokens < needed) {
    return new Fault(`${tokens} draft tokens are fewer than the sizes need.`, `Use at least ${needed}.`);
  }
  if (tokens > MOST_DRAFT_TOKENS) {
    return new Fault(
      `${tokens} draft tokens are too many.`,
      `Lower the sizes: at most ${MOST_DRAFT_TOKENS}.`,
    );
  }
  return undefined;
}
