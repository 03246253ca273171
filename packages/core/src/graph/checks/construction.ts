import { sourceFactsOf } from "../../describe/source-facts.ts";
import type { CheckedClass, Report } from "./report.ts";

/** No chainlet constructs another: it would run in the same process, without its own hardware and scaling. */
export function checkConstruction(cls: CheckedClass, report: Report, chainlets: ReadonlySet<string>): void {
  for (const { className, member, line, column } of sourceFactsOf(cls)?.constructions ?? []) {
    if (!chainlets.has(className)) continue;
    report.error(
      "CHAINLET_INSTANTIATED",
      `${cls.name} constructs the chainlet ${className}.`,
      `Take it as a constructor parameter: @depends(${className}) private readonly ${lowerFirst(className)}: Remote<${className}>.`,
      member,
      { line, column },
    );
  }
}

const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
