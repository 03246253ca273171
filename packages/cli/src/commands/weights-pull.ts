import { resolve } from "node:path";
import { pullWeights, type TransferEvent } from "@truss-chains/weights";
import { formatBytes } from "../output/bytes.ts";
import { shortPath } from "../output/short-path.ts";
import { startStep } from "../output/step.ts";
import type { Terminal } from "../output/terminal.ts";
import { planTarget } from "../weights/plan-target.ts";

/** Fetches the weights to this machine, verified; what is there already is not fetched again. */
export async function weightsPull(
  target: string,
  entrypoint: string | undefined,
  { dir }: { readonly dir: string },
  terminal: Terminal,
): Promise<void> {
  const { plan, settings } = await planTarget(target, entrypoint, dir, terminal);
  const step = startStep(terminal, `Fetching ${formatBytes(plan.bytes)}`, 1000);
  const onEvent = (event: TransferEvent): void => {
    if (event.type === "warning") terminal.warn(event.message);
    if (event.type !== "progress") return;
    const left = event.secondsLeft === null ? "" : `, ${Math.ceil(event.secondsLeft)} s left`;
    const done = event.totalBytes === 0 ? 1000 : Math.floor((event.bytes / event.totalBytes) * 1000);
    step.update(
      `${formatBytes(event.bytes)} of ${formatBytes(event.totalBytes)}, ${formatBytes(event.bytesPerSecond)}/s${left}`,
      done,
    );
  };
  const result = await pullWeights(plan, { settings, env: process.env, dir, onEvent }).catch(
    (thrown: unknown) => {
      step.failed();
      throw thrown;
    },
  );
  step.done(`Fetched ${result.files.length} files`);
  if (terminal.json)
    terminal.writeJson({ directory: resolve(dir), files: result.files, stats: result.stats });
  else
    terminal.result(
      `${result.files.length} files, ${formatBytes(plan.bytes)}, are in ${shortPath(resolve(dir))}.`,
    );
}
