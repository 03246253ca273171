import { z } from "zod";
import { WEIGHTS_SCHEMES, type WeightsScheme } from "../constants.ts";
import { checkAuthFields, oidcFields } from "./auth.ts";
import { list } from "./collection.ts";
import { Fault, quote, report } from "./fault.ts";
import { choice, text, textWhere } from "./scalar.ts";
import { section } from "./section.ts";

const EXPECTED: Readonly<Record<WeightsScheme, string>> = {
  azure: "azure://account/container/path",
  cw: "cw://bucket/path",
  gs: "gs://bucket/path",
  hf: "hf://owner/repo@revision",
  https: "https://host/file",
  r2: "r2://account_id.bucket/path",
  s3: "s3://bucket/path",
};

/** The scheme of a source and what comes after `://`; undefined where the scheme is missing or unknown. */
export function splitSource(source: string): { scheme: WeightsScheme; rest: string } | undefined {
  const end = source.indexOf("://");
  const scheme = WEIGHTS_SCHEMES.find((known) => known === source.slice(0, end));
  return end > 0 && scheme !== undefined ? { scheme, rest: source.slice(end + 3) } : undefined;
}

/** Checks a source of weights: a URI with one of the schemes that Truss can mirror from. */
export function checkWeightsSource(source: string): Fault | undefined {
  const schemes = WEIGHTS_SCHEMES.map((scheme) => `${scheme}://`).join(", ");
  if (!source.includes("://")) {
    const guess = /^[\w.-]+\/[\w.-]+(@.+)?$/.test(source)
      ? ` For a Hugging Face repository: "hf://${source}".`
      : "";
    return new Fault(
      `The source ${quote(source)} has no scheme.`,
      `Begin it with one of ${schemes}.${guess}`,
    );
  }
  const parts = splitSource(source);
  if (!parts) {
    const seen = `${source.slice(0, source.indexOf("://"))}://`;
    return new Fault(`The scheme ${quote(seen)} is not supported.`, `Use one of ${schemes}.`);
  }
  const { scheme, rest } = parts;
  if (rest === "" || rest.startsWith("/")) {
    return new Fault(`The source ${quote(source)} names no place.`, `Write it as ${EXPECTED[scheme]}.`);
  }
  if (rest.includes("@") && scheme !== "hf" && scheme !== "https") {
    return new Fault(
      `The source ${quote(source)} holds an @, but only hf:// sources have revisions.`,
      "Remove the revision.",
    );
  }
  return undefined;
}

/** Checks the directory at which weights appear: an absolute path. */
export function checkMountLocation(path: string): Fault | undefined {
  if (path.startsWith("/")) return undefined;
  return new Fault(
    path === "" ? "The mount location is empty." : `The mount location ${quote(path)} is not absolute.`,
    `Begin it with a slash, such as "/models/${path.replace(/^[./]+/, "") || "llama"}".`,
  );
}

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

export const weights = list(weightsSource).check(
  z.superRefine((sources, ctx) => {
    const seen = new Map<string, number>();
    for (const [index, { mount_location: mount }] of sources.entries()) {
      const first = seen.get(mount);
      if (first === undefined) seen.set(mount, index);
      else {
        const fault = new Fault(
          `The mount location ${quote(mount)} is taken by weights[${first}].`,
          "Give each source a directory of its own.",
        );
        report(ctx, fault, [index, "mount_location"]);
      }
    }
  }),
);
