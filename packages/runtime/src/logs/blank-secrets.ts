/** Shorter values are too likely to be part of something else. */
const SHORTEST_SECRET = 6;

/** A line of JSON without the values of secrets, wherever they stood in it. */
export function blankSecrets(line: string, secrets: ReadonlySet<string>): string {
  let clean = line;
  for (const secret of secrets) {
    // As it stands inside a JSON string.
    if (secret.length >= SHORTEST_SECRET)
      clean = clean.replaceAll(JSON.stringify(secret).slice(1, -1), "[hidden]");
  }
  return clean;
}
