const MASK = "***";
// Shorter values would blank out ordinary words.
const MIN_SECRET_LENGTH = 6;

/** A function that blanks the given secrets, and whatever looks like an Authorization header, in a text. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const known = secrets
    .filter((secret) => secret.length >= MIN_SECRET_LENGTH)
    .sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text.replace(/\b(Api-Key|Bearer|Basic) [\w.~+/=-]{6,}/gi, `$1 ${MASK}`);
    for (const secret of known) clean = clean.replaceAll(secret, MASK);
    return clean;
  };
}
