import { visitorKeys } from "oxc-parser";
import type { AnyNode } from "./parse-module.ts";

/** Visits a node and everything below it, parents first. Return false to skip what is below a node. */
export function walk(node: AnyNode, visit: (node: any) => boolean | void): void {
  if (visit(node) === false) return;
  for (const key of visitorKeys[node.type] ?? []) {
    const child = (node as unknown as Record<string, unknown>)[key];
    if (Array.isArray(child)) for (const item of child) item && walk(item as AnyNode, visit);
    else if (child) walk(child as AnyNode, visit);
  }
}
