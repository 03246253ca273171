/**
 * Shell-style matching with the results of Python's `fnmatch.fnmatchcase`, which is what the documentation of weights
 * promises: `*` also crosses `/`, `?` is any one character, `[seq]` and `[!seq]` are sets; no braces, no escapes.
 * Linear in pattern times name: a hostile pattern cannot make it hang.
 */
export function fnmatch(name: string, pattern: string): boolean {
  return compile(pattern)(name);
}

/** A matcher for many names. */
export function compile(pattern: string): (name: string) => boolean {
  const tokens = tokenize(Array.from(pattern));
  return (name) => matches(tokens, Array.from(name));
}

type Token = "star" | { readonly accepts: (char: string) => boolean };

function tokenize(pattern: readonly string[]): Token[] {
  const tokens: Token[] = [];
  for (let i = 0; i < pattern.length; ) {
    const char = pattern[i++]!;
    if (char === "*") {
      if (tokens.at(-1) !== "star") tokens.push("star");
    } else if (char === "?") {
      tokens.push({ accepts: () => true });
    } else {
      const end = char === "[" ? setEnd(pattern, i) : -1;
      if (end < 0) {
        tokens.push({ accepts: (other) => other === char });
      } else {
        tokens.push({ accepts: compileSet(pattern.slice(i, end)) });
        i = end + 1;
      }
    }
  }
  return tokens;
}

/** Index of the `]` that closes the set whose content starts at `start`; -1 when it stays open, and `[` is literal. */
function setEnd(pattern: readonly string[], start: number): number {
  let i = start;
  if (pattern[i] === "!") i++;
  if (pattern[i] === "]") i++;
  return pattern.indexOf("]", i);
}

function compileSet(content: readonly string[]): (char: string) => boolean {
  const pieces = splitAtHyphens(content);
  for (let i = pieces.length - 1; i > 0; i--) {
    // A range whose ends are reversed holds nothing; both ends disappear with it, as in Python.
    const before = pieces[i - 1]!;
    if (before.at(-1)!.codePointAt(0)! > pieces[i]![0]!.codePointAt(0)!) {
      pieces[i - 1] = [...before.slice(0, -1), ...pieces[i]!.slice(1)];
      pieces.splice(i, 1);
    }
  }
  // Python negates whatever starts with "!" once reversed ranges are gone, even when it was inside before.
  const negated = pieces[0]?.[0] === "!";
  if (negated) pieces[0] = pieces[0]!.slice(1);
  const singles = new Set(pieces.flat());
  const ranges = pieces
    .slice(1)
    .map((piece, i) => [pieces[i]!.at(-1), piece[0]] as const)
    .filter((range): range is readonly [string, string] => range[0] !== undefined);
  return (char) => {
    const inside = singles.has(char) || ranges.some(([low, high]) => between(low, char, high));
    return inside !== negated;
  };
}

/** `a-cx-z` becomes `a`, `cx`, `z`: each cut is a range from the last character before it to the first after it. */
function splitAtHyphens(content: readonly string[]): string[][] {
  const pieces: string[][] = [];
  let start = 0;
  let from = content[0] === "!" ? 2 : 1;
  for (;;) {
    const hyphen = content.indexOf("-", from);
    if (hyphen < 0) break;
    pieces.push(content.slice(start, hyphen));
    start = hyphen + 1;
    from = hyphen + 3;
  }
  const rest = content.slice(start);
  if (rest.length > 0) pieces.push(rest);
  else if (pieces.length > 0) pieces.at(-1)!.push("-");
  return pieces;
}

function between(low: string, char: string, high: string): boolean {
  const code = char.codePointAt(0)!;
  return low.codePointAt(0)! <= code && code <= high.codePointAt(0)!;
}

function matches(tokens: readonly Token[], name: readonly string[]): boolean {
  let t = 0;
  let n = 0;
  let star = -1;
  let resume = 0;
  while (n < name.length) {
    const token = tokens[t];
    if (token === "star") {
      star = t++;
      resume = n;
    } else if (token?.accepts(name[n]!)) {
      t++;
      n++;
    } else if (star >= 0) {
      // Let the last star take one character more and try again from there.
      t = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  while (tokens[t] === "star") t++;
  return t === tokens.length;
}
