import type { WeightsPlan } from "../plan/plan.ts";
import { sourceLabel } from "../sources/reference.ts";

/** A revision of the Hub to be replaced by the commit that it is now. */
export interface Pin {
  readonly repoId: string;
  /** As configured; the empty string when it was left out. */
  readonly revision: string;
  readonly commit: string;
}

/** One place in a text that was changed. Offsets are UTF-16 units of the original. */
export interface PinEdit {
  readonly start: number;
  readonly end: number;
  readonly before: string;
  readonly after: string;
}

export interface PinnedText {
  readonly text: string;
  readonly edits: readonly PinEdit[];
}

/** The branches and tags that a plan found, with their commits. */
export function pinsOf(plan: WeightsPlan): Pin[] {
  return plan.sources.flatMap(({ demand: { reference }, revision, pinned }) =>
    reference.provider === "hf" && !pinned && revision !== ""
      ? [{ repoId: reference.repoId, revision: reference.revision, commit: revision }]
      : [],
  );
}

/** The same plan as it is once all of its revisions are pinned. */
export function afterPinning(plan: WeightsPlan): WeightsPlan {
  return {
    ...plan,
    sources: plan.sources.map((source) => {
      const { reference } = source.demand;
      if (reference.provider !== "hf" || source.revision === "") return source;
      const pinned = { ...reference, revision: source.revision };
      return {
        ...source,
        demand: { ...source.demand, reference: pinned },
        source: sourceLabel(pinned),
        pinned: true,
      };
    }),
  };
}

/** The commit for `hf://owner/repo[@revision]`, as the whole source with it; `undefined` when no pin is about it. */
export function pinnedSource(source: string, pins: readonly Pin[]): string | undefined {
  const match = /^hf:\/\/([^@]+)(?:@(.*))?$/.exec(source);
  const commit = match && commitFor(match[1]!, match[2] ?? "", pins);
  return commit ? `hf://${match[1]}@${commit}` : undefined;
}

export function commitFor(repoId: string, revision: string, pins: readonly Pin[]): string | undefined {
  return pins.find((pin) => pin.repoId === repoId && pin.revision === revision)?.commit;
}

/** Applies edits that do not overlap; everything between them stays as it is. */
export function applyEdits(text: string, edits: readonly PinEdit[]): PinnedText {
  const ordered = [...edits].sort((a, b) => a.start - b.start);
  let result = "";
  let from = 0;
  for (const { start, end, after } of ordered) {
    result += text.slice(from, start) + after;
    from = end;
  }
  return { text: result + text.slice(from), edits: ordered };
}
