/**
 * The known name that was most likely meant: one that begins with what was typed, else the nearest, at most two edits or
 * a third of its length away.
 */
export function nearest(name: string, known: readonly string[]): string | undefined {
  return longer(name, known) ?? mistyped(name, known);
}

function longer(name: string, known: readonly string[]): string | undefined {
  if (name.length < 2) return undefined;
  const begun = known.filter((candidate) => candidate.toLowerCase().startsWith(name.toLowerCase()));
  return begun.sort((a, b) => a.length - b.length)[0];
}

function mistyped(name: string, known: readonly string[]): string | undefined {
  let best: { name: string; distance: number } | undefined;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance > Math.max(2, candidate.length / 3)) continue;
    if (!best || distance < best.distance) best = { name: candidate, distance };
  }
  return best?.name;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(previous[j]! + 1, current[j - 1]! + 1, substitution));
    }
    previous = current;
  }
  return previous[b.length]!;
}
