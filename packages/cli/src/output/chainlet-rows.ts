import type { ChainletStatus, DeployedChainlet } from "@truss-chains/baseten";
import type { Terminal } from "./terminal.ts";

export const CHAINLET_COLUMNS = ["chainlet", "state"];

/** A row for each chainlet of a deployment. */
export function chainletRows(chainlets: readonly DeployedChainlet[], style: Terminal["style"]): string[][] {
  return chainlets.map(({ name, isEntrypoint, status }) => [
    isEntrypoint ? `${name} (entrypoint)` : name,
    stateText(status, style),
  ]);
}

const WORKING: ReadonlySet<ChainletStatus> = new Set([
  "BUILDING",
  "DEPLOYING",
  "LOADING_MODEL",
  "UPDATING",
  "WAKING_UP",
]);

/** `● active`, in the colour of good, bad, or under way. */
function stateText(status: ChainletStatus, style: Terminal["style"]): string {
  const words = status.toLowerCase().replaceAll("_", " ").replace("loading model", "loading");
  if (status === "ACTIVE") return style.green(`● ${words}`);
  if (WORKING.has(status)) return style.cyan(`◐ ${words}`);
  if (status === "SCALED_TO_ZERO" || status === "INACTIVE" || status === "UNKNOWN")
    return style.dim(`○ ${words}`);
  return style.red(`✖ ${words}`);
}
