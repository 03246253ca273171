import type { SourceFacts } from "@truss-chains/core";
import type { TopLevelClass } from "./classes.ts";
import { constructionsIn, type ModuleFunctions } from "./constructions.ts";
import { placeIn } from "./place.ts";

/** What only the text of a class tells: places, undecorated constructor parameters, and what it constructs. */
export function classFacts(
  file: string,
  code: string,
  { node, start }: TopLevelClass,
  functions: ModuleFunctions,
): SourceFacts {
  // Without a prototype: a class may have a member of any name.
  const members: Record<string, { line: number; column: number }> = Object.create(null);
  const constructions: SourceFacts["constructions"][number][] = [];
  let constructorParameters: SourceFacts["constructorParameters"];
  for (const member of node.body.body) {
    const name = memberName(member);
    if (name !== undefined) members[name] ??= placeIn(code, member.key.start);
    if (member.kind === "constructor" && member.value.body) {
      constructorParameters = member.value.params.map((parameter: any) => ({
        name: parameterName(parameter),
        decorated: parameter.decorators?.length > 0,
        ...placeIn(code, parameter.start),
      }));
    }
    constructions.push(...constructionsIn(code, member, name ?? "", functions));
  }
  return { file, ...placeIn(code, node.id?.start ?? start), members, constructorParameters, constructions };
}

function memberName(member: any): string | undefined {
  if (!member.key || member.computed) return undefined;
  return member.key.type === "Identifier"
    ? member.key.name
    : String(member.key.value ?? member.key.name ?? "");
}

function parameterName(parameter: any): string {
  if (parameter.type === "TSParameterProperty") return parameterName(parameter.parameter);
  if (parameter.type === "AssignmentPattern") return parameterName(parameter.left);
  if (parameter.type === "RestElement") return `...${parameterName(parameter.argument)}`;
  return parameter.type === "Identifier" ? parameter.name : "{ … }";
}
