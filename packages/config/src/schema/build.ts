import type { z } from "zod";
import { Fault, quote } from "../rules/fault.ts";
import { freeForm, mapOf } from "./collection.ts";
import { choice, flag, text } from "./scalar.ts";
import { section } from "./section.ts";

const LONGEST_SECRET_NAME = 253;
const REGISTRY_PREFIX = "DOCKER_REGISTRY_";

/** Checks the name of a secret that a build may read. */
function checkBuildSecretName(name: string): Fault | undefined {
  if (name === "") return new Fault("The name of a secret is empty.", "Write its name.");
  // Python counts characters, not UTF-16 units.
  if ([...name].length > LONGEST_SECRET_NAME) {
    return new Fault(
      `The secret name ${quote(name)} is too long.`,
      `Use at most ${LONGEST_SECRET_NAME} characters.`,
    );
  }
  if (name !== "." && name !== "..") {
    if (/^[-._a-zA-Z0-9]+\n?$/.test(name) || name.startsWith(REGISTRY_PREFIX)) return undefined;
  }
  return new Fault(
    `${quote(name)} cannot name a secret of a build.`,
    "Use letters, digits, `-`, `_` and `.` only, and not `.` or `..` alone.",
  );
}

export const build = section(
  {
    model_server: choice(["TrussServer", "TRT_LLM"])
      .default("TrussServer")
      .describe("Which server the image gets."),
    arguments: freeForm.default({}).describe("Arguments of the server's builder."),
    secret_to_path_mapping: mapOf(text)
      .default({})
      .describe("Secrets that the build may read, and the file at which each one appears."),
    no_cache: flag.default(false).describe("Set by the --no-cache flag of a push; not allowed in a file."),
  },
  {
    after: (value, found) => {
      for (const name of Object.keys(value.secret_to_path_mapping)) {
        const fault = checkBuildSecretName(name);
        if (fault) found(fault, ["secret_to_path_mapping", name]);
      }
      return undefined;
    },
  },
);
/** Settings of the image build. */
export type Build = z.output<typeof build>;
