import { readFile } from "node:fs/promises";
import {
  afterPinning,
  createLockfile,
  type PinnedText,
  pinsOf,
  pinTypeScript,
  pinYaml,
  renderLockfile,
} from "@truss-chains/weights";
import writeFileAtomic from "write-file-atomic";
import { shortPath } from "../output/short-path.ts";
import type { Terminal } from "../output/terminal.ts";
import { planTarget } from "../weights/plan-target.ts";

/** Replaces branches and tags by the commits that they are now, and records every file in `chains.lock`. */
export async function weightsPin(
  target: string,
  entrypoint: string | undefined,
  terminal: Terminal,
): Promise<void> {
  const { plan, files, lockfile } = await planTarget(target, entrypoint, ".", terminal);
  const pins = pinsOf(plan);
  const changes: { file: string; before: string; after: string }[] = [];
  for (const file of files) {
    const text = await readFile(file, "utf8");
    const pinned: PinnedText = /\.ya?ml$/.test(file)
      ? pinYaml(text, pins)
      : await pinTypeScript(text, file, pins);
    if (pinned.edits.length === 0) continue;
    await writeFileAtomic(file, pinned.text);
    changes.push(...pinned.edits.map(({ before, after }) => ({ file, before, after })));
  }
  await writeFileAtomic(lockfile, renderLockfile(createLockfile(afterPinning(plan))));
  if (terminal.json) {
    terminal.writeJson({ lockfile, changes });
    return;
  }
  const { dim, green } = terminal.resultStyle;
  for (const { file, before, after } of changes)
    terminal.result(`${shortPath(file)}  ${dim(before)} → ${green(after)}`);
  terminal.result(
    `${changes.length === 0 ? "Everything was pinned already" : "Pinned"}; ${shortPath(lockfile)} is written.`,
  );
}
