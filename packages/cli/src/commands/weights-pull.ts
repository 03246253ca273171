import { resolve } from "node:path";
import { pullWeights, type TransferEvent } from "@truss-chains/weights";
import { formatBytes } from "../output/bytes.ts";
import { countFiles } from "../output/files.ts";
import { MovingStep } from "../output/moving-step.ts";
import { shortPath } from "../output/short-path.ts";
import { startStep } from "../output/step.ts";
import type { Terminal } from "../output/terminal.ts";
import { progressText } from "../output/weights-lines.ts";
import { planTarget } from "../weights/plan-target.ts";
import { interruption } from "./until-interrupted.ts";

/** Fetches the weights to this machine, verified; what is there already is not fetched again. */
export async function weightsPull(
  target: string,
  entrypoint: string | undefined,
  { dir }: { readonly dir: string },
  terminal: Terminal,
): Promise<void> {
  const { plan, settings } = await planTarget(target, entrypoint, dir, terminal);
  for (const { error } of plan.sources) if (error) throw error;
  const step = startStep(terminal, `Fetching ${formatBytes(plan.bytes)}`, 1000);
  const warned = new Set(plan.warnings);
  const warn = (message: string): void => {
    if (warned.has(message)) return;
    warned.add(message);
    const write = (): void => terminal.warn(message);
    if (step instanceof MovingStep) step.above(write);
    else write();
  };
  const onEvent = (event: TransferEvent): void => {
    if (event.type === "warning") warn(event.message);
    if (event.type !== "progress") return;
    const done = event.totalBytes === 0 ? 1000 : Math.floor((event.bytes / event.totalBytes) * 1000);
    step.update(progressText(event), done);
  };
  const { signal, release } = interruption();
  const result = await pullWeights(plan, { settings, env: process.env, dir, onEvent, signal })
    .catch((thrown: unknown) => {
      step.failed();
      throw thrown;
    })
    .finally(release);
  step.done(`Fetched ${countFiles(result.files.length)}`);
  if (terminal.json)
    terminal.writeJson({ directory: resolve(dir), files: result.files, stats: result.stats });
  else
    terminal.result(
      `${countFiles(result.files.length)}, ${formatBytes(plan.bytes)}, in ${shortPath(resolve(dir))}.`,
    );
}
