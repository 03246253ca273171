import { decode, encode, type SourceMapSegment } from "@jridgewell/sourcemap-codec";

const AWAIT = /\bawait\b/g;

/**
 * Gives each `await` of a bundle the place of what it waits for.
 *
 * The bundler makes `return (await call()).length` of `const text = await call(); return text.length`, and gives the
 * `await` the place of the variable that is gone: the `return`. In the stack of what fails while it waits, V8 names
 * the `await`, and an error report would blame a line that was never reached.
 *
 * @param map of the bundle.
 */
export function placeAwaits<M extends { readonly mappings: string }>(code: string, map: M): M {
  const lines = decode(map.mappings);
  for (const [index, text] of code.split("\n").entries()) {
    const segments = lines[index];
    if (segments && segments.length > 0) lines[index] = placedIn(text, segments);
  }
  return { ...map, mappings: encode(lines) };
}

function placedIn(text: string, segments: readonly SourceMapSegment[]): SourceMapSegment[] {
  const placed: SourceMapSegment[] = [];
  let next = 0;
  for (const { index: column } of text.matchAll(AWAIT)) {
    while (next < segments.length && segments[next]![0] < column) placed.push(segments[next++]!);
    let awaited = next;
    while (segments[awaited]?.[0] === column) awaited++;
    if (awaited === segments.length) break;
    const [, ...place] = segments[awaited]!;
    placed.push([column, ...place] as SourceMapSegment);
    next = awaited;
  }
  return [...placed, ...segments.slice(next)];
}
