import { inspect } from "node:util";

/** Shorter values are too likely to be part of something else. */
const SHORTEST_SECRET = 6;
/** The lines of a secret that are shorter than this tell nothing, and may well be ordinary words. */
const SHORTEST_LINE = 12;

/**
 * The texts under which a secret may be found: without the line break that its file ends with, since nobody uses it with
 * that, and line by line, since that is how long texts are printed; each as it is, and as it stands in JSON, in what
 * `console.log` prints of an object, and in a line of JSON that holds one of these.
 */
export function secretForms(secret: string): string[] {
  const whole = secret.trim();
  if (whole.length < SHORTEST_SECRET) return [];
  const lines = whole
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line.length >= SHORTEST_LINE);
  return [whole, ...lines].flatMap((text) => {
    const printed = [text, inJson(text), inInspect(text)];
    return [...printed, ...printed.map(inJson)];
  });
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function inInspect(text: string): string {
  return inspect([text], { breakLength: Number.POSITIVE_INFINITY, maxStringLength: null }).slice(3, -3);
}
