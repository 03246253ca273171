import { resolve } from "node:path";
import { formatBytes } from "../output/bytes.ts";
import { countFiles } from "../output/files.ts";
import { renderError } from "../output/render-error.ts";
import { shortPath } from "../output/short-path.ts";
import { table } from "../output/table.ts";
import type { Terminal } from "../output/terminal.ts";
import { planTarget } from "../weights/plan-target.ts";

/** What would be fetched, whether the credentials allow it, and whether the disk holds it. */
export async function weightsPlan(
  target: string,
  entrypoint: string | undefined,
  { dir }: { readonly dir: string },
  terminal: Terminal,
): Promise<void> {
  const { plan } = await planTarget(target, entrypoint, dir, terminal);
  terminal.failed = !plan.fits || plan.sources.some(({ error }) => error !== null);
  if (terminal.json) {
    const sources = plan.sources.map(({ source, revision, pinned, files, bytes, error }) => ({
      source,
      revision,
      pinned,
      bytes,
      error: error?.toJSON() ?? null,
      files: files.map(({ path, size, hashtype, hash }) => ({ path, size, hashtype, hash })),
    }));
    terminal.writeJson({
      sources,
      files: plan.files,
      bytes: plan.bytes,
      free_bytes: plan.freeBytes,
      fits: plan.fits,
    });
    return;
  }
  if (plan.sources.length === 0) {
    terminal.result(`${shortPath(resolve(target))} names no weights.`);
    return;
  }
  const { green, red, yellow } = terminal.resultStyle;
  const rows = plan.sources.map(({ source, revision, pinned, files, bytes, error }) => [
    source,
    revision === "" ? "–" : pinned ? revision.slice(0, 12) : yellow(`${revision.slice(0, 12)} (not pinned)`),
    error ? "–" : String(files.length),
    error ? "–" : formatBytes(bytes),
    error ? red("none") : green("readable"),
  ]);
  terminal.result(table(["source", "commit", "files", "size", "access"], rows, terminal));
  const unreadable = plan.sources.flatMap(({ error }) => error ?? []);
  for (const error of unreadable) terminal.result(`\n${await renderError(error, terminal)}`);
  if (unreadable.length === plan.sources.length && unreadable.length > 0) return;
  const fits = plan.fits ? green("it fits") : red("it does not fit");
  terminal.result(
    `\n${countFiles(plan.files)}, ${formatBytes(plan.bytes)}; ${formatBytes(plan.freeBytes)} are free: ${fits}.`,
  );
}
