import { ChainsError, type Location, type Problem } from "@truss-chains/errors";
import type { YamlDocument } from "./dialect/document.ts";
import { YamlMap } from "./dialect/values.ts";
import { Places } from "./places.ts";
import { decodeConfig, type ParseOptions, readConfigDocument } from "./read.ts";
import { isRecord, type PlainRecord } from "./record.ts";
import { relax } from "./relax.ts";
import { describe, messageAt } from "./schema/fault.ts";
import { type Findings, type Issue, readerOf } from "./schema/reader.ts";
import { type TrussConfig, trussConfig } from "./schema/truss-config.ts";
import { isTruthy } from "./schema/truthy.ts";
import { unknownKeys } from "./unknown-keys.ts";
import { type Finding, findSurprises } from "./warnings.ts";

export interface ParsedConfig {
  readonly config: TrussConfig;
  /** What is accepted but probably not wanted, in the order of the file. */
  readonly warnings: readonly Problem[];
}

type Path = readonly (string | number)[];
type Locate = (path: Path) => Location;

/**
 * Reads a config.yaml the way the Truss loader does: YAML 1.1, pydantic's conversions, defaults filled in.
 *
 * Throws a `ChainsError`: `CONFIG_SYNTAX` for what is not YAML, `CONFIG_LIMIT` for what is too large, `CONFIG_INVALID`
 * with all the `problems` and their places for what breaks a rule.
 */
export function parseConfig(source: string | Uint8Array, options: ParseOptions = {}): ParsedConfig {
  const text = typeof source === "string" ? source : decodeConfig(source, options);
  const document = readConfigDocument(text, options);
  const places = new Places(text, document.root, document.anchors, options.file);
  // Truss takes every empty value for an empty config: an empty file, but also `0` and `[]`.
  const value = isTruthy(document.value) ? document.value : {};
  const locate: Locate = (path) => places.ofPath(path);
  const { config, warnings } = validate(value, locate, "file", options);
  return { config, warnings: inOrder([...remarkWarnings(document, places), ...warnings]) };
}

/**
 * Checks a config that a program made, and fills in the defaults. Keys are those of the file. What a push sends may
 * have `build.no_cache`, which a file may not.
 *
 * Throws a `ChainsError` (`CONFIG_INVALID`) with all the `problems`; their paths lead into the object.
 */
export function parseConfigObject(object: unknown, options: ParseOptions = {}): ParsedConfig {
  const locate: Locate = (path) => ({ ...(options.file !== undefined && { file: options.file }), path });
  return validate(object, locate, "object", options);
}

function validate(
  value: unknown,
  locate: Locate,
  from: "file" | "object",
  { file }: ParseOptions,
): ParsedConfig {
  if (!isRecord(value) && !(value instanceof YamlMap)) {
    const problem: Problem = {
      code: "CONFIG_INVALID",
      severity: "error",
      message: `A config is a mapping of keys to values, but this is ${describe(value)}.`,
      fix: "Write keys such as `model_name:`.",
      location: locate([]),
    };
    throw invalid([problem], file);
  }
  const { raw, relaxations } = isRecord(value) ? relax(value) : { raw: value, relaxations: [] };
  const findings: Findings = { issues: [], hasUnknown: false };
  const config: TrussConfig = readerOf(trussConfig)(raw, findings);
  const faults = [
    ...(from === "file" ? checkFileOnly(raw, locate) : []),
    ...findings.issues.map((issue) => toProblem(issue, locate)),
  ];
  if (faults.length > 0) throw invalid(inOrder(faults), file);

  const warnings: Problem[] = [
    ...relaxations.map(({ path, message, fix }) =>
      warning({ code: "CONFIG_AMBIGUOUS", message, fix }, locate(path)),
    ),
    ...(findings.hasUnknown ? unknownKeys(config) : []).map(({ path, key, nearest, refused }) =>
      warning(
        {
          code: "CONFIG_UNKNOWN_KEY",
          message: `Truss does not know the key \`${key}\`; ${refused ? "a push will refuse it" : "it has no effect"}.`,
          fix: nearest ? `Did you mean \`${nearest}\`?` : "Remove it.",
        },
        locate(path),
      ),
    ),
    ...Array.from(findSurprises(config, raw as PlainRecord), (finding) =>
      warning(finding, locate(finding.path)),
    ),
  ];
  return { config, warnings };
}

/** `no_cache` belongs to a push; what a program builds may have it, as that is how the flag reaches the platform. */
function checkFileOnly(raw: unknown, locate: Locate): Problem[] {
  const build = isRecord(raw) ? raw.build : undefined;
  if (!isRecord(build) || build.no_cache !== true) return [];
  return [
    {
      code: "CONFIG_INVALID",
      severity: "error",
      message: "`no_cache` cannot be set in a file.",
      fix: "Remove it, and push with `--no-cache`.",
      location: locate(["build", "no_cache"]),
    },
  ];
}

function toProblem({ message, path, params }: Issue, locate: Locate): Problem {
  return {
    code: "CONFIG_INVALID",
    severity: "error",
    message: messageAt(message, path),
    ...params,
    location: locate(path),
  };
}

function invalid(problems: readonly Problem[], file: string | undefined): ChainsError {
  const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
  return ChainsError.fromProblems("CONFIG_INVALID", `${file ?? "The config"} has ${count}:`, problems);
}

function warning({ code, message, fix }: Omit<Finding, "path">, location: Location): Problem {
  return { code, message, ...(fix !== undefined && { fix }), severity: "warning", location };
}

function remarkWarnings({ remarks }: YamlDocument, places: Places): Problem[] {
  return remarks.map(({ kind, path, key, offset, firstOffset }) => {
    const location = { ...places.ofOffset(offset), path };
    if (kind === "merge-key") {
      return warning(
        {
          code: "CONFIG_AMBIGUOUS",
          message: "The merge key `<<` is followed here. The Truss loader refuses the file.",
          fix: "Write the merged keys out before you use the file with Truss itself.",
        },
        location,
      );
    }
    const first = places.ofOffset(firstOffset ?? 0);
    return warning(
      {
        code: "CONFIG_DUPLICATE_KEY",
        message: `The key \`${key}\` is there twice; the first is on line ${first.line}, column ${first.column}. The last one counts.`,
        fix: "Remove one of the two.",
      },
      location,
    );
  });
}

function inOrder(problems: readonly Problem[]): Problem[] {
  const position = ({ location }: Problem) => [location?.line ?? 0, location?.column ?? 0] as const;
  return [...problems].sort((left, right) => {
    const [leftLine, leftColumn] = position(left);
    const [rightLine, rightColumn] = position(right);
    return leftLine - rightLine || leftColumn - rightColumn;
  });
}
