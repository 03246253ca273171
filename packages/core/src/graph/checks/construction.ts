import { constructedByHand } from "../../authoring/construction.ts";
import { sourceFactsOf } from "../../describe/source-facts.ts";
import type { CheckedClass, Report } from "./report.ts";

/** No chainlet constructs another: it would run in the same process, without its own hardware and scaling. */
export function checkConstruction(cls: CheckedClass, report: Report, chainlets: ReadonlySet<string>): void {
  for (const { className, member, line, column } of sourceFactsOf(cls)?.constructions ?? []) {
    if (!chainlets.has(className)) continue;
    const { message, fix } = constructedByHand(className, cls.name);
    report.error("CHAINLET_INSTANTIATED", message, fix, member, { line, column });
  }
}
