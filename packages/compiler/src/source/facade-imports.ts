import type { Program } from "./parse-module.ts";

/** The packages that chains import the SDK from. */
export const FACADES: ReadonlySet<string> = new Set(["truss-chains", "@truss-chains/core"]);

/** How a module calls what it imports from the SDK. */
export class FacadeImports {
  readonly #named = new Map<string, string>();
  readonly #namespaces = new Set<string>();

  constructor(program: Program) {
    for (const statement of program.body) {
      if (statement.type !== "ImportDeclaration" || !FACADES.has(statement.source.value)) continue;
      for (const specifier of statement.specifiers) {
        if (specifier.type === "ImportNamespaceSpecifier") this.#namespaces.add(specifier.local.name);
        if (specifier.type !== "ImportSpecifier") continue;
        const { imported } = specifier;
        this.#named.set(
          specifier.local.name,
          imported.type === "Identifier" ? imported.name : imported.value,
        );
      }
    }
  }

  /** The SDK's own name for an expression such as `Chainlet` or `chains.Chainlet`; undefined for anything else. */
  nameOf(expression: any): string | undefined {
    if (expression?.type === "Identifier") return this.#named.get(expression.name);
    if (expression?.type !== "MemberExpression" || expression.computed) return undefined;
    return this.#namespaces.has(expression.object.name) ? expression.property.name : undefined;
  }
}
