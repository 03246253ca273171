import type { MountChange } from "./convert.ts";

export interface SourceText {
  readonly file: string;
  readonly text: string;
}

/** A line of code that a migration concerns. */
export interface AffectedLine {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly text: string;
  /** What to do about it. */
  readonly advice: string;
}

const RESOLVER = /lazy_data_resolver|block_until_download_complete/;

/**
 * Finds the lines of code, such as `model/*.py`, that name files where they no longer are, or that wait for a download
 * which no longer happens.
 */
export function findAffectedLines(
  sources: readonly SourceText[],
  mounts: readonly MountChange[],
): AffectedLine[] {
  const moved = mounts.filter((mount) => mount.moved);
  const isFetchedAtStart = mounts.some((mount) => !mount.moved);
  return sources.flatMap(({ file, text }) =>
    text.split(/\r?\n/).flatMap((line, index): AffectedLine[] => {
      const mount = moved.find(({ before }) => before.some((name) => names(line, name)));
      const place = { file, line: index + 1, text: line.trim() };
      if (mount) return [{ ...place, advice: `Use ${mount.after}.` }];
      if (isFetchedAtStart && RESOLVER.test(line)) {
        return [{ ...place, advice: "Remove the wait: weights are there before the model starts." }];
      }
      return [];
    }),
  );
}

/** True if the line holds the name, and not only as a part of a longer one. */
function names(line: string, name: string): boolean {
  for (let at = line.indexOf(name); at >= 0; at = line.indexOf(name, at + 1)) {
    const isWhole = !/[\w.-]/.test(line[at - 1] ?? "") && !/[\w-]/.test(line[at + name.length] ?? "");
    if (isWhole) return true;
  }
  return false;
}
