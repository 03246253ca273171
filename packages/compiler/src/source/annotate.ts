import { SOURCE_FACTS_KEY } from "@truss-chains/core";
import { ChainsError, type Problem } from "@truss-chains/errors";
import MagicString from "magic-string";
import { decoratedExpressions } from "./class-expressions.ts";
import { classFacts } from "./class-facts.ts";
import { type TopLevelClass, topLevelClasses } from "./classes.ts";
import { moduleFunctions } from "./constructions.ts";
import { FacadeImports } from "./facade-imports.ts";
import { parseModule } from "./parse-module.ts";
import { pinPlace } from "./pin-place.ts";
import { placeIn } from "./place.ts";

/**
 * Prepares a source module for discovery: each class carries its facts in a static property, and the module keeps
 * knowing its own place.
 *
 * @throws ChainsError `SOURCE_SYNTAX`, or `CHAINLET_NAME_INVALID` for a chainlet without a class name.
 */
export function annotateModule(file: string, code: string): { code: string; map: string } {
  const program = parseModule(file, code);
  const wrong = decoratedExpressions(program, file, code);
  if (wrong.length > 0) throw ChainsError.fromProblems("SOURCE_SYNTAX", `${file} does not compile:`, wrong);
  const text = new MagicString(code);
  const facade = new FacadeImports(program);
  const functions = moduleFunctions(program);
  for (const found of topLevelClasses(program)) {
    if (found.name === "" && isChainlet(found, facade)) throw nameless(file, code, found);
    const facts = JSON.stringify(classFacts(file, code, found, functions));
    text.appendRight(
      found.node.body.start + 1,
      ` static [Symbol.for(${JSON.stringify(SOURCE_FACTS_KEY)})] = ${facts};`,
    );
  }
  pinPlace(program, file, text);
  return { code: text.toString(), map: text.generateMap({ source: file, hires: "boundary" }).toString() };
}

function isChainlet({ node }: TopLevelClass, facade: FacadeImports): boolean {
  return node.decorators.some(({ expression }: any) => facade.nameOf(expression.callee) === "Chainlet");
}

// Told here: a compiler gives it a name of its own.
function nameless(file: string, code: string, { node }: TopLevelClass): ChainsError {
  const problem: Problem = {
    code: "CHAINLET_NAME_INVALID",
    severity: "error",
    message: "A chainlet has no class name.",
    fix: "Name it: export default class Search extends …",
    location: { file, ...placeIn(code, node.start) },
  };
  return ChainsError.fromProblems(problem.code, "The chain is not valid:", [problem]);
}
