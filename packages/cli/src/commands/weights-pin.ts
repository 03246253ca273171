import { readFile } from "node:fs/promises";
import {
  createLockfile,
  type PinnedText,
  pinsOf,
  pinTypeScript,
  pinYaml,
  planPinned,
  renderLockfile,
  sourceContext,
} from "@truss-chains/weights";
import writeFileAtomic from "write-file-atomic";
import { shortPath } from "../output/short-path.ts";
import type { Terminal } from "../output/terminal.ts";
import { planTarget } from "../weights/plan-target.ts";
import { readRequests } from "../weights/requests.ts";

/** Replaces branches and tags by the commits that they are now, and records every file in `chains.lock`. */
export async function weightsPin(
  target: string,
  entrypoint: string | undefined,
  terminal: Terminal,
): Promise<void> {
  const { plan, settings, files, lockfile } = await planTarget(target, entrypoint, ".", terminal);
  // Before anything is written.
  for (const { error } of plan.sources) if (error) throw error;
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
  const { requests } = await readRequests(target, entrypoint);
  const context = sourceContext(settings, process.env, () => {});
  const pinned = await planPinned(plan, requests, { context, dir: "." });
  await writeFileAtomic(lockfile, renderLockfile(createLockfile(pinned)));
  const left = pinned.sources.filter((source) => !source.pinned);
  for (const { source, revision } of left)
    terminal.warn(
      `${source} is locked and not pinned: its revision is no plain text in the source. Write ${revision} there.`,
    );
  if (terminal.json) {
    terminal.writeJson({ lockfile, changes, not_pinned: left.map(({ source }) => source) });
    return;
  }
  const { dim, green } = terminal.resultStyle;
  for (const { file, before, after } of changes)
    terminal.result(`${shortPath(file)}  ${dim(before)} → ${green(after)}`);
  const nothing = left.length > 0 ? "Nothing could be pinned" : "Everything was pinned already";
  terminal.result(`${changes.length === 0 ? nothing : "Pinned"}; ${shortPath(lockfile)} is written.`);
}
