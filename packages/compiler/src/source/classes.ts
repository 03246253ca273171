import type { Program } from "./parse-module.ts";

/** A class declared at the top level of a module. */
export interface TopLevelClass {
  readonly name: string;
  /** The class node itself. */
  readonly node: any;
  /** The whole statement, with `export` and the decorators, which may stand before or after it. */
  readonly start: number;
  readonly end: number;
  readonly exported: "named" | "default" | "no";
}

export function topLevelClasses(program: Program): TopLevelClass[] {
  const classes: TopLevelClass[] = [];
  for (const statement of program.body as any[]) {
    const isExport =
      statement.type === "ExportNamedDeclaration" || statement.type === "ExportDefaultDeclaration";
    const node = isExport ? statement.declaration : statement;
    if (node?.type !== "ClassDeclaration") continue;
    const starts = node.decorators.map((decorator: any) => decorator.start);
    classes.push({
      name: node.id?.name ?? "",
      node,
      start: Math.min(statement.start, node.start, ...starts),
      end: statement.end,
      exported: statement.type === "ExportDefaultDeclaration" ? "default" : isExport ? "named" : "no",
    });
  }
  return classes;
}
