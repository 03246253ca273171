import { Fields } from "./fields.ts";

export const MODEL_REPO_KINDS = ["hf", "gcs", "s3", "azure"] as const;

export interface ModelRepoInit {
  /** A Hugging Face repository, or the URI of a bucket for the other kinds. */
  readonly repoId: string;
  /** Commit, tag or branch; required for Hugging Face with a volume. Buckets have none. */
  readonly revision?: string;
  /** Fetched when the container starts (true, recommended), or baked into the image. */
  readonly useVolume: boolean;
  /** Name of the folder under which the files appear; required with a volume. */
  readonly volumeFolder?: string;
  /** Which files: those that one of these patterns matches, as Python's `fnmatch` does; all by default. */
  readonly allowPatterns?: readonly string[];
  /** Which files not, whatever `allowPatterns` says. */
  readonly ignorePatterns?: readonly string[];
  /** Where `repoId` is; `hf`, the Hugging Face Hub, by default. */
  readonly kind?: (typeof MODEL_REPO_KINDS)[number];
  /** `hf_access_token` by default. */
  readonly runtimeSecretName?: string;
}

/** One entry of `model_cache`. For most chainlets `WeightsSource` starts faster. */
export class ModelRepo {
  readonly repoId: string;
  readonly revision: string;
  readonly useVolume: boolean;
  readonly volumeFolder: string | undefined;
  readonly allowPatterns: readonly string[] | undefined;
  readonly ignorePatterns: readonly string[] | undefined;
  readonly kind: (typeof MODEL_REPO_KINDS)[number];
  readonly runtimeSecretName: string;

  /** @throws ChainsError `CHAINLET_OPTIONS_INVALID` naming every wrong field. */
  constructor(init: ModelRepoInit) {
    const fields = new Fields("ModelRepo", init, [
      "repoId",
      "revision",
      "useVolume",
      "volumeFolder",
      "allowPatterns",
      "ignorePatterns",
      "kind",
      "runtimeSecretName",
    ]);
    this.repoId = fields.requiredString("repoId");
    this.revision = fields.string("revision", "", (value) =>
      value.length === 1 ? `must be empty or at least 2 characters, got "${value}".` : undefined,
    );
    this.useVolume = fields.requiredBoolean("useVolume");
    this.volumeFolder = fields.string("volumeFolder", undefined, checkFolder);
    this.allowPatterns = fields.strings("allowPatterns", undefined);
    this.ignorePatterns = fields.strings("ignorePatterns", undefined);
    this.kind = fields.oneOf("kind", MODEL_REPO_KINDS, "hf");
    this.runtimeSecretName = fields.string("runtimeSecretName", "hf_access_token");
    fields.rule(
      this.useVolume === true && this.kind === "hf" && this.revision === "",
      "revision",
      "is required for a Hugging Face repository with a volume.",
      `Pick a commit at https://huggingface.co/${this.repoId}/commits/main.`,
    );
    fields.rule(
      this.useVolume === true && this.volumeFolder === undefined,
      "volumeFolder",
      "is required with a volume.",
      "It names the folder under /app/model_cache.",
    );
    fields.done();
    Object.freeze(this);
  }
}

function checkFolder(value: string): string | undefined {
  if (value === "") return "must not be empty.";
  const unsafe = value.startsWith("/") || value.split("/").some((part) => part === ".." || part === ".");
  return unsafe ? `must be a plain folder name, got "${value}".` : undefined;
}
