import { ChainsError, type Problem } from "@truss-chains/errors";
import type { z } from "zod";
import type { YamlDocument } from "../dialect/document.ts";
import type { YamlMapping } from "../dialect/node.ts";
import { parseConfig } from "../parse.ts";
import { Places } from "../places.ts";
import { type ParseOptions, readConfigDocument } from "../read.ts";
import { isRecord, type PlainRecord } from "../record.ts";
import { relax } from "../relax.ts";
import { externalDataItem } from "../schema/external-data.ts";
import { messageAt } from "../schema/fault.ts";
import { modelRepo } from "../schema/model-repo.ts";
import { isTruthy } from "../schema/truthy.ts";
import {
  convertExternalData,
  convertModelRepo,
  type MigratedEntry,
  type MountChange,
  mountChangeOf,
} from "./convert.ts";
import { migrateText } from "./migrate-text.ts";
import { TRANSFER_TOOL, withoutTransferTool } from "./start-command.ts";

export interface Migration {
  /** False where there is nothing to migrate; then `yaml` is the input and `reason` says why. */
  readonly changed: boolean;
  readonly reason?: string;
  readonly yaml: string;
  /** What to look at, with places in the original text. */
  readonly warnings: readonly Problem[];
  /** Why the Truss loader would refuse the new text; places are in it. Empty when all is well. */
  readonly problems: readonly Problem[];
  /** For each new entry of `weights`: where its files were, and where they are now. */
  readonly mounts: readonly MountChange[];
}

/** What a config.yaml has to migrate, read and converted. */
export interface Plan {
  /** `model_cache`, or its former name; undefined where it is absent or empty. */
  readonly cacheKey: "model_cache" | "hf_cache" | undefined;
  readonly hasExternalData: boolean;
  readonly cached: readonly MigratedEntry[];
  readonly external: readonly MigratedEntry[];
}

/**
 * Moves `model_cache` and `external_data` to `weights`, in the text itself: comments, order and quotes stay. The
 * entries are those that `truss migrate` makes; beyond it, `truss-transfer-cli` goes from the start command.
 *
 * Throws a `ChainsError`: `CONFIG_SYNTAX` for what cannot be read, `CONFIG_INVALID` for invalid entries.
 */
export function migrateConfig(yamlText: string, options: ParseOptions = {}): Migration {
  const document = readConfigDocument(yamlText, options);
  const places = new Places(yamlText, document.root, document.anchors, options.file);
  const raw = isRecord(document.value) ? document.value : {};
  const unchanged = (reason: string): Migration => ({
    changed: false,
    reason,
    yaml: yamlText,
    warnings: [],
    problems: [],
    mounts: [],
  });
  if (isTruthy(raw.weights)) return unchanged("The config already uses weights.");
  const cacheKey = isTruthy(raw.model_cache)
    ? "model_cache"
    : isTruthy(raw.hf_cache)
      ? "hf_cache"
      : undefined;
  const hasExternalData = isTruthy(raw.external_data);
  if (!cacheKey && !hasExternalData)
    return unchanged("The config has neither model_cache nor external_data.");

  const { raw: relaxed, relaxations } = relax(raw);
  const repos = cacheKey ? readList(modelRepo, relaxed, cacheKey, places) : [];
  const items = hasExternalData ? readList(externalDataItem, relaxed, "external_data", places) : [];
  const plan: Plan = {
    cacheKey,
    hasExternalData,
    cached: repos.map(convertModelRepo),
    external: items.map(convertExternalData),
  };
  const { yaml, lostComments } = migrateText(yamlText, document as RootedDocument, plan, raw, options);

  const warnings: Problem[] = relaxations.map(({ path, message, fix }) =>
    warn("CONFIG_AMBIGUOUS", message, fix, places, path),
  );
  for (const [index, repo] of repos.entries()) {
    const { moved, after } = mountChangeOf(repo);
    if (!moved) continue;
    const message = `The files of ${repo.repo_id} move to ${after}.`;
    warnings.push(
      warn("CONFIG_SUSPICIOUS", message, "Load them from there in the model's code.", places, [
        cacheKey ?? "",
        index,
      ]),
    );
  }
  if (lostComments) {
    const message = "The entries were written anew, because of aliases, tags or merge keys.";
    warnings.push(
      warn("CONFIG_SUSPICIOUS", message, "Look for comments inside them that are gone.", places, [
        cacheKey ?? "external_data",
      ]),
    );
  }
  warnings.push(...leftoverCalls(raw, places));
  return {
    changed: true,
    yaml,
    warnings,
    ...judge(yaml, options),
    mounts: [
      ...repos.map(mountChangeOf),
      ...plan.external.map(({ mount_location: mount }) => ({ before: [mount], after: mount, moved: false })),
    ],
  };
}

export interface RootedDocument extends YamlDocument {
  readonly root: YamlMapping;
}

function readList<T>(schema: z.ZodType<T, unknown>, raw: PlainRecord, key: string, places: Places): T[] {
  const list = raw[key];
  const problems: Problem[] = [];
  const entries: T[] = [];
  if (!Array.isArray(list)) {
    const message = `\`${key}\` is not a list.`;
    problems.push({ code: "CONFIG_INVALID", severity: "error", message, location: places.ofPath([key]) });
  } else {
    for (const [index, item] of list.entries()) {
      const parsed = schema.safeParse(item);
      if (parsed.success) entries.push(parsed.data);
      else for (const issue of parsed.error.issues) problems.push(entryProblem(issue, [key, index], places));
    }
  }
  if (problems.length === 0) return entries;
  throw ChainsError.fromProblems("CONFIG_INVALID", `\`${key}\` cannot be migrated as it is:`, problems);
}

function entryProblem(issue: z.core.$ZodIssue, at: (string | number)[], places: Places): Problem {
  const fix = issue.code === "custom" ? (issue.params?.fix as string | undefined) : undefined;
  const path = [...at, ...issue.path.filter((part) => typeof part !== "symbol")];
  return {
    code: "CONFIG_INVALID",
    severity: "error",
    message: messageAt(issue.message, issue.path),
    ...(fix !== undefined && { fix }),
    location: places.ofPath(path),
  };
}

function warn(
  code: "CONFIG_AMBIGUOUS" | "CONFIG_SUSPICIOUS",
  message: string,
  fix: string,
  places: Places,
  path: readonly (string | number)[],
): Problem {
  return { code, severity: "warning", message, fix, location: places.ofPath(path) };
}

/** The places where the transfer tool is still called, which `weights` need no more. */
function leftoverCalls(raw: PlainRecord, places: Places): Problem[] {
  const server = isRecord(raw.docker_server) ? raw.docker_server : {};
  const found: (readonly (string | number)[])[] = [];
  if (
    typeof server.start_command === "string" &&
    withoutTransferTool(server.start_command).includes(TRANSFER_TOOL)
  ) {
    found.push(["docker_server", "start_command"]);
  }
  if (Array.isArray(raw.build_commands)) {
    for (const [index, command] of raw.build_commands.entries()) {
      if (typeof command === "string" && command.includes(TRANSFER_TOOL))
        found.push(["build_commands", index]);
    }
  }
  return found.map((path) =>
    warn(
      "CONFIG_SUSPICIOUS",
      `${TRANSFER_TOOL} is still called here.`,
      "Remove the call: weights need it no more.",
      places,
      path,
    ),
  );
}

/** What the Truss loader would say about the result. */
function judge(yaml: string, options: ParseOptions): Pick<Migration, "problems"> {
  try {
    return {
      problems: parseConfig(yaml, options).warnings.filter(({ code }) => code === "CONFIG_AMBIGUOUS"),
    };
  } catch (error) {
    if (error instanceof ChainsError && error.problems.length > 0) return { problems: error.problems };
    throw error;
  }
}
