import type { ChainletPlan, PushPlan } from "@truss-chains/baseten";
import type { WeightsChange } from "../weights/plan-changes.ts";
import { formatBytes } from "./bytes.ts";
import type { Terminal } from "./terminal.ts";

type Style = Terminal["style"];

/** What a push would change, chainlet by chainlet, breaking changes of schemas in red. */
export function renderPlan(
  { chain, deploymentId, chainlets }: PushPlan,
  weights: readonly WeightsChange[],
  style: Style,
): string {
  const against = deploymentId === null ? "a new chain" : `against deployment ${deploymentId}`;
  const breaking = chainlets
    .flatMap(({ schemas }) => schemas ?? [])
    .filter(({ isBreaking }) => isBreaking).length;
  const summary = [
    `${count(chainlets, "new")} new`,
    `${count(chainlets, "changed")} changed`,
    `${count(chainlets, "removed")} removed`,
    `${count(chainlets, "same")} with the same config and schemas`,
  ].join(", ");
  const end =
    breaking > 0
      ? style.red(`\n${breaking} ${breaking === 1 ? "change breaks" : "changes break"} callers.`)
      : "";
  const blocks = chainlets.map((chainlet) =>
    [
      renderChainlet(chainlet, style),
      ...weights
        .filter((change) => change.chainlet === chainlet.name)
        .map((change) => renderWeights(change, style)),
    ].join("\n"),
  );
  return `${style.bold(chain)} ${style.dim(against)}\n\n${blocks.join("\n")}\n\n${summary}. Code is deployed as it is.${end}`;
}

function renderChainlet({ name, change, fields, schemas }: ChainletPlan, style: Style): string {
  const mark = {
    new: style.green("+"),
    removed: style.red("-"),
    changed: style.yellow("~"),
    same: style.dim("="),
  };
  const lines = [`${mark[change]} ${name}`];
  for (const { path, before, after } of fields)
    lines.push(`    ${path}: ${style.red(text(before))} → ${style.green(text(after))}`);
  for (const { path, what, isBreaking } of schemas ?? [])
    lines.push(`    ${path} ${what}${isBreaking ? style.red("  breaks callers") : ""}`);
  if (schemas === null) lines.push(style.dim("    its schemas are not known: another tool deployed it"));
  return lines.join("\n");
}

function renderWeights({ change, source, bytes }: WeightsChange, style: Style): string {
  const size = bytes === null ? "size unknown from here" : formatBytes(bytes);
  return change === "added"
    ? style.green(`    weights + ${source}  ${size}`)
    : style.red(`    weights - ${source}  ${size}`);
}

const LONGEST = 100;

function text(value: unknown): string {
  const json = JSON.stringify(value);
  return json.length > LONGEST ? `${json.slice(0, LONGEST)}…` : json;
}

function count(chainlets: readonly ChainletPlan[], change: ChainletPlan["change"]): number {
  return chainlets.filter((chainlet) => chainlet.change === change).length;
}
