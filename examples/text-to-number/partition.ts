/** Cuts a text into parts of equal length; the last one takes the rest. */
export function partition(text: string, count: number): string[] {
  const size = Math.floor(text.length / count);
  return Array.from({ length: count }, (_, index) =>
    index === count - 1 ? text.slice(index * size) : text.slice(index * size, (index + 1) * size),
  );
}
