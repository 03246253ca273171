import { convertModelRepo, type ModelRepo } from "@truss-chains/config";
import type MagicString from "magic-string";
import { ObjectLiteral } from "./object-literal.ts";

const NAMES = {
  repoId: "repo_id",
  revision: "revision",
  useVolume: "use_volume",
  volumeFolder: "volume_folder",
  kind: "kind",
  runtimeSecretName: "runtime_secret_name",
} as const;
const PATTERNS = ["allowPatterns", "ignorePatterns"];

/** Rewrites the argument of `new ModelRepo({ … })` for `new WeightsSource({ … })`. */
export interface RepoConversion {
  apply(text: MagicString): void;
  /** What code that loads the files has to know; undefined when they stay where they were. */
  readonly moved: string | undefined;
}

/** @returns why it cannot be done, as the rest of a sentence, when a value is not in the text. */
export function convertRepoLiteral(argument: any, code: string): RepoConversion | string {
  const literal = ObjectLiteral.read(argument, code);
  if (!literal) return "its argument is not an object that is written out";
  for (const key of literal.keys()) {
    if (PATTERNS.includes(key)) continue;
    if (!(key in NAMES)) return `it has the unknown field \`${key}\``;
    if (literal.constant(key) === undefined) return `its \`${key}\` is not a constant`;
  }
  const repo = toModelRepo(literal);
  if (typeof repo === "string") return repo;
  const entry = convertModelRepo(repo);
  const quote = literal.text(literal.value("repoId"))[0] === "'" ? "'" : '"';
  const quoted = (value: string): string =>
    quote + value.replaceAll("\\", "\\\\").replaceAll(quote, `\\${quote}`) + quote;
  const source = `source: ${quoted(entry.source)}`;
  const mount = `mountLocation: ${quoted(entry.mount_location)}`;
  const secret =
    entry.auth_secret_name === undefined ? null : `authSecretName: ${quoted(entry.auth_secret_name)}`;
  const has = (key: string): boolean => literal.value(key) !== undefined;
  return {
    moved: repo.use_volume ? undefined : entry.mount_location,
    apply: (text) =>
      literal.rewrite(
        text,
        {
          repoId: source,
          revision: null,
          // Every repository has one, and a comment behind the last field stays behind that.
          useVolume: has("runtimeSecretName") ? null : secret,
          kind: null,
          volumeFolder: mount,
          runtimeSecretName: secret,
        },
        has("volumeFolder") ? [] : [mount],
      ),
  };
}

function toModelRepo(literal: ObjectLiteral): ModelRepo | string {
  const text = (key: keyof typeof NAMES, fallback: string): string =>
    (literal.constant(key) ?? fallback) as string;
  if (literal.constant("repoId") === undefined) return "it has no `repoId`";
  const useVolume = literal.constant("useVolume");
  if (typeof useVolume !== "boolean") return "it has no `useVolume`";
  const kind = text("kind", "hf");
  if (!["hf", "gcs", "s3", "azure"].includes(kind)) return `its kind "${kind}" is unknown`;
  const folder = literal.constant("volumeFolder");
  if (useVolume && typeof folder !== "string") return "it has no `volumeFolder`";
  return {
    repo_id: text("repoId", ""),
    revision: text("revision", ""),
    use_volume: useVolume,
    volume_folder: typeof folder === "string" ? folder : null,
    kind: kind as ModelRepo["kind"],
    runtime_secret_name: text("runtimeSecretName", "hf_access_token"),
    // Patterns stay in the text as they are.
    allow_patterns: null,
    ignore_patterns: null,
  };
}
