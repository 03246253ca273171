/** What a document may ask of this process. Real configs stay below a hundredth of each. */
export const LIMITS = {
  /** Length of the text, in UTF-16 units. */
  length: 4_000_000,
  /** Nesting of lists and mappings. Truss itself cannot dump deeper ones. */
  depth: 255,
  /** Values, counting those behind an alias each time it is used. */
  values: 500_000,
} as const;
