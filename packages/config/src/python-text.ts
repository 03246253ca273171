/** How Python reads text, where JavaScript reads it differently. */

/** What `str.strip()` removes; unlike `trim()`, not the byte order mark. */
const BLANK = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const OUTER_BLANK = new RegExp(`^${BLANK}+|${BLANK}+$`, "gu");

export function pythonStrip(text: string): string {
  return text.replace(OUTER_BLANK, "");
}

/** Replaces the decimal digits of other scripts, which Python's `int()` and `float()` accept. */
export function asciiDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => {
    if (digit <= "9") return digit;
    // Decimal digits come in runs of ten; a run starts at a zero whose predecessor is no digit.
    let zero = digit.codePointAt(0) as number;
    let value = 0;
    while (value < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) {
      zero -= 1;
      value += 1;
    }
    return String(value);
  });
}

const FLOAT =
  /^[+-]?(?:(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?|inf|infinity|nan)$/i;

/** True if Python's `float()` accepts the text. */
export function isPythonFloat(text: string): boolean {
  return FLOAT.test(asciiDigits(pythonStrip(text)));
}
