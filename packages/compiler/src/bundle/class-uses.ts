import { topLevelClasses } from "../source/classes.ts";
import { type MemberUses, memberUses } from "../source/member-uses.ts";
import type { Program } from "../source/parse-module.ts";

interface DeclaredClass {
  readonly statics: readonly string[];
  /** The name that it extends. */
  readonly base: string | undefined;
}

/** What a chain uses of its classes. It goes by names: a member that some code may mean counts as used. */
export class ClassUses {
  readonly #uses: readonly MemberUses[];
  readonly #classes = new Map<string, DeclaredClass>();

  constructor(programs: readonly Program[]) {
    this.#uses = programs.map(memberUses);
    for (const program of programs) {
      for (const { name, node } of topLevelClasses(program)) {
        const statics = node.body.body.filter(isStatic).map(nameOf);
        this.#classes.set(name, { statics, base: node.superClass?.name });
      }
    }
  }

  /** Whether code outside of the class's own instances uses a static member of this name. */
  uses(className: string, member: string): boolean {
    return this.#uses.some(
      ({ elsewhere, byInstances }) =>
        elsewhere.has(member) ||
        [...byInstances].some(([owner, names]) => owner !== className && names.has(member)),
    );
  }

  /** Whether the class has a used static member from a class that it extends. */
  usesInherited(className: string): boolean {
    const seen = new Set<string>();
    for (let base = this.#classes.get(className)?.base; base !== undefined && !seen.has(base); ) {
      seen.add(base);
      const declared = this.#classes.get(base);
      if (declared?.statics.some((member) => this.uses(className, member))) return true;
      base = declared?.base;
    }
    return false;
  }
}

/** A static member with a value, which is there in JavaScript, too. */
export function isStatic(member: any): boolean {
  return member.static === true && !member.declare && member.key !== undefined;
}

export function nameOf({ key }: any): string {
  return String(key.name ?? key.value ?? "");
}
