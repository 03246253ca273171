export interface Line {
  readonly text: string;
}

const OPENINGS = ["Oh", "Behold, the", "How quietly the", "I dream of the"];
const ENDINGS = ["so bright", "in the light", "of the night", "taking flight"];

/** A line of a verse; the same word and number always give the same line. */
export function rhyme(word: string, line: number): Line {
  return { text: `${OPENINGS[line % OPENINGS.length]} ${word} ${ENDINGS[line % ENDINGS.length]},` };
}
