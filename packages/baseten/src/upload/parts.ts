/** A range of a file, and its number in a multipart upload. */
export interface Part {
  /** From 1. */
  readonly number: number;
  readonly offset: number;
  readonly bytes: number;
}

const MiB = 1024 * 1024;
/** Below this, one request carries all; the same bound as the real CLI's. */
export const SINGLE_REQUEST_BYTES = 8 * MiB;
const MAX_PARTS = 10_000;

/** Cuts a file into as few equal parts as S3 allows, of 8 MiB at least. The same size always gives the same parts. */
export function partsOf(bytes: number): readonly Part[] {
  const size = Math.max(8 * MiB, Math.ceil(bytes / MAX_PARTS / MiB) * MiB);
  return Array.from({ length: Math.ceil(bytes / size) }, (_, index) => ({
    number: index + 1,
    offset: index * size,
    bytes: Math.min(size, bytes - index * size),
  }));
}
