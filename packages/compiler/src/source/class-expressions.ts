import type { Problem } from "@truss-chains/errors";
import type { Program } from "./parse-module.ts";
import { placeIn } from "./place.ts";
import { walk } from "./walk.ts";

/** Decorators on class expressions: parsers take them, but neither TypeScript nor the bundler compiles them. */
export function decoratedExpressions(program: Program, file: string, code: string): Problem[] {
  const problems: Problem[] = [];
  walk(program, (node) => {
    if (node.type !== "ClassExpression") return;
    const [decorator] = [node, ...node.body.body].flatMap((decorated) => decorated.decorators ?? []);
    if (!decorator) return;
    problems.push({
      code: "SOURCE_SYNTAX",
      severity: "error",
      message: "Decorators do not work on a class expression.",
      fix: "Declare the class: export class Search extends …",
      location: { file, ...placeIn(code, decorator.start) },
    });
  });
  return problems;
}
