import type { z } from "zod";
import { Fault, quote } from "../rules/fault.ts";
import { checkMountLocation, checkWeightsSource } from "../rules/weights-source.ts";
import { checkAuthFields, oidcFields } from "./auth.ts";
import { list } from "./collection.ts";
import { choice, text, textWhere } from "./scalar.ts";
import { section } from "./section.ts";

const weightsAuth = section(
  {
    ...oidcFields,
    auth_method: choice(["CUSTOM_SECRET", "AWS_OIDC", "GCP_OIDC"], (word) => word.toUpperCase()).describe(
      "How to log in at the source.",
    ),
    auth_secret_name: text
      .nullable()
      .default(null)
      .describe("The secret that holds the credentials, for CUSTOM_SECRET."),
  },
  { after: (value, found) => void checkAuthFields(value, "auth_secret_name", "CUSTOM_SECRET", found) },
);
export type WeightsAuth = z.output<typeof weightsAuth>;

export const patterns = list(text).nullable().default(null);

export const weightsSource = section(
  {
    source: textWhere(checkWeightsSource, { minLength: 1 })
      .describe(
        "Where the weights are: hf://owner/repo@revision, s3://, gs://, azure://, r2://, cw:// or https://.",
      )
      .meta({ examples: ["hf://meta-llama/Llama-3.1-8B@main", "s3://bucket/path"] }),
    mount_location: textWhere(checkMountLocation, { minLength: 1 }).describe(
      "The absolute directory at which the files appear in the container.",
    ),
    auth: weightsAuth
      .nullable()
      .default(null)
      .describe("How to log in, where one secret does not say it all."),
    auth_secret_name: text
      .nullable()
      .default(null)
      .describe("The secret that holds the credentials of the source."),
    allow_patterns: patterns.describe("Take only files that match one of these wildcards."),
    ignore_patterns: patterns.describe("Leave out files that match one of these wildcards."),
  },
  {
    after: (value, found) => {
      if (value.auth_secret_name && value.auth?.auth_secret_name) {
        found(new Fault("`auth_secret_name` is written both here and in `auth`.", "Keep one of the two."), [
          "auth_secret_name",
        ]);
      }
      return undefined;
    },
  },
);
export type WeightsSource = z.output<typeof weightsSource>;

export const weights = list(weightsSource, (sources, found) => {
  const seen = new Map<string, number>();
  for (const [index, { mount_location: mount }] of sources.entries()) {
    const first = seen.get(mount);
    if (first === undefined) seen.set(mount, index);
    else {
      const fault = new Fault(
        `The mount location ${quote(mount)} is taken by weights[${first}].`,
        "Give each source a directory of its own.",
      );
      found(fault, [index, "mount_location"]);
    }
  }
});
