import { secretForms } from "./secret-forms.ts";

/** What stands in the place of a secret. */
const MASK = "[hidden]";

/** A function that blanks the given secrets, and whatever looks like an Authorization header, in a text. */
export function redactor(secrets: Iterable<string>): (text: string) => string {
  const forms = new Set([...secrets].flatMap(secretForms));
  // A shorter secret that is a part of a longer one, blanked first, would leave the rest of it.
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text.replace(/\b(Api-Key|Bearer|Basic) [\w.~+/=-]{6,}/gi, `$1 ${MASK}`);
    for (const form of longestFirst) clean = clean.replaceAll(form, MASK);
    return clean;
  };
}
