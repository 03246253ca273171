import { topLevelClasses } from "./classes.ts";
import type { Program } from "./parse-module.ts";
import { walk } from "./walk.ts";

/** The member names that a module's code uses, of whatever object. */
export interface MemberUses {
  /** By class name: what the instances of a top-level class use. */
  readonly byInstances: ReadonlyMap<string, ReadonlySet<string>>;
  /** What all other code uses, static members included. */
  readonly elsewhere: ReadonlySet<string>;
}

export function memberUses(program: Program): MemberUses {
  const byInstances = new Map<string, Set<string>>();
  const owners = new Map<unknown, string>();
  for (const { name, node } of topLevelClasses(program)) {
    byInstances.set(name, new Set());
    for (const member of node.body.body) if (isOfInstances(member)) owners.set(member, name);
  }
  const elsewhere = new Set<string>();
  const collect = (root: any, into: Set<string>): void =>
    walk(root, (node) => {
      const owner = node === root ? undefined : owners.get(node);
      if (owner !== undefined) {
        collect(node, byInstances.get(owner)!);
        return false;
      }
      for (const name of usedIn(node)) into.add(name);
    });
  collect(program, elsewhere);
  return { byInstances, elsewhere };
}

function isOfInstances(member: any): boolean {
  return member.type !== "StaticBlock" && member.static !== true;
}

// `cls.schema`, `cls["schema"]`, and the members that `const { schema } = cls` takes.
function usedIn(node: any): string[] {
  if (node.type === "MemberExpression") return [nameOf(node.property)];
  if (node.type === "ObjectPattern")
    return node.properties.flatMap((property: any) => (property.key ? [nameOf(property.key)] : []));
  return [];
}

const nameOf = (key: any): string => String(key.name ?? key.value ?? "");
