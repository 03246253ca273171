import type { SourceFacts } from "@truss-chains/core";
import type { Program } from "./parse-module.ts";
import { placeIn } from "./place.ts";
import { walk } from "./walk.ts";

type Construction = SourceFacts["constructions"][number];

/** The functions that a module declares at its top level, by name. */
export type ModuleFunctions = ReadonlyMap<string, unknown>;

export function moduleFunctions(program: Program): ModuleFunctions {
  const functions = new Map<string, unknown>();
  for (const statement of program.body as any[]) {
    const declaration = statement.declaration ?? statement;
    if (declaration.type === "FunctionDeclaration" && declaration.id)
      functions.set(declaration.id.name, declaration);
    for (const { id, init } of declaration.declarations ?? [])
      if (id.type === "Identifier" && /Function/.test(init?.type)) functions.set(id.name, init);
  }
  return functions;
}

/** What a member of a class constructs, itself or in functions of its module that it uses. */
export function constructionsIn(
  code: string,
  member: any,
  memberName: string,
  functions: ModuleFunctions,
): Construction[] {
  const found: Construction[] = [];
  const seen = new Set<string>();
  const visit = (node: any): boolean | void => {
    // The name of a member is not that of a function.
    if (node.type === "MemberExpression" && !node.computed) {
      walk(node.object, visit);
      return false;
    }
    if (node.type === "NewExpression" && node.callee.type === "Identifier")
      found.push({ className: node.callee.name, member: memberName, ...placeIn(code, node.start) });
    if (node.type !== "Identifier" || seen.has(node.name)) return;
    seen.add(node.name);
    const used: any = functions.get(node.name);
    if (used) walk(used, visit);
  };
  for (const part of [...(member.decorators ?? []), member.value, ...(member.body ?? [])]) {
    if (part) walk(part, visit);
  }
  return found;
}
