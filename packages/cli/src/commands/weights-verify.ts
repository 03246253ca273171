import { resolve } from "node:path";
import { planManifest, verifyWeights } from "@truss-chains/weights";
import { countFiles } from "../output/files.ts";
import { shortPath } from "../output/short-path.ts";
import { startStep } from "../output/step.ts";
import { table } from "../output/table.ts";
import type { Terminal } from "../output/terminal.ts";
import { planTarget } from "../weights/plan-target.ts";

/** Compares what is on this machine with what the sources offer, byte for byte where they give hashes. */
export async function weightsVerify(
  target: string,
  entrypoint: string | undefined,
  { dir }: { readonly dir: string },
  terminal: Terminal,
): Promise<void> {
  const { plan } = await planTarget(target, entrypoint, dir, terminal);
  const manifest = planManifest(plan);
  const directory = resolve(dir);
  const step = startStep(terminal, "Verifying", manifest.pointers.length);
  let done = 0;
  const files = await verifyWeights(
    manifest,
    { downloadDir: directory, weightsRoot: directory },
    ({ file }) => {
      done += 1;
      step.update(file, done);
    },
  );
  step.done(`Verified ${countFiles(files.length)}`);
  const wrong = files.filter(({ state }) => state !== "ok" && state !== "unverifiable");
  terminal.failed = wrong.length > 0;
  if (terminal.json) {
    terminal.writeJson({ ok: wrong.length === 0, directory, files });
    return;
  }
  const { green, red } = terminal.resultStyle;
  if (wrong.length > 0)
    terminal.result(
      table(
        ["file", "state"],
        wrong.map(({ file, state }) => [file, red(state)]),
        terminal,
      ),
    );
  const unverifiable = files.filter(({ state }) => state === "unverifiable").length;
  const note = unverifiable > 0 ? ` (${unverifiable} by size only: their source gives no hash)` : "";
  terminal.result(
    wrong.length > 0
      ? `${wrong.length} of ${countFiles(files.length)} are not as they should be.`
      : green(`${countFiles(files.length)} in ${shortPath(directory)}: all as they should be${note}.`),
  );
}
