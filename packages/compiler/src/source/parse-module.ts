import { ChainsError } from "@truss-chains/errors";
import { type ParseResult, parseSync } from "oxc-parser";
import { placeIn } from "./place.ts";

export type Program = ParseResult["program"];
export type AnyNode = { readonly type: string; readonly start: number; readonly end: number };

/**
 * Parses a TypeScript or JavaScript module.
 *
 * @throws ChainsError `SOURCE_SYNTAX` with every syntax error and its place.
 */
export function parseModule(file: string, code: string): Program {
  const lang = /\.[cm]?tsx$/.test(file)
    ? "tsx"
    : /\.[cm]?ts$/.test(file)
      ? "ts"
      : /\.jsx$/.test(file)
        ? "jsx"
        : "js";
  const { program, errors } = parseSync(file, code, { lang, sourceType: "module" });
  if (errors.length === 0) return program;
  const problems = errors.map((error) => ({
    code: "SOURCE_SYNTAX" as const,
    severity: "error" as const,
    message: `${error.message.replace(/\.?$/, ".")}${error.helpMessage ? ` ${error.helpMessage}` : ""}`,
    fix: "Correct the syntax.",
    location: { file, ...placeIn(code, error.labels[0]?.start ?? 0) },
  }));
  throw ChainsError.fromProblems("SOURCE_SYNTAX", `${file} does not parse:`, problems);
}
