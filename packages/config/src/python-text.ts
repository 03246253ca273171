/** How Python reads text, where JavaScript reads it differently. */

/** What `str.strip()` removes; unlike `trim()`, not the byte order mark. */
const BLANK = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const IS_BLANK = new RegExp(`^${BLANK}$`);

export function pythonStrip(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && IS_BLANK.test(text.charAt(start))) start += 1;
  while (end > start && IS_BLANK.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

const NOT_ASCII = /[^\0-\x7f]/;

/** Replaces the decimal digits of other scripts, which Python's `int()` and `float()` accept. */
export function asciiDigits(text: string): string {
  if (!NOT_ASCII.test(text)) return text;
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
  /^[+-]?(?:(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?|inf|infinity|nan)$/i;

/** True if Python's `float()` accepts the text. */
export function isPythonFloat(text: string): boolean {
  return FLOAT.test(asciiDigits(pythonStrip(text)));
}

/** What Python's `float()` makes of the text; undefined where it fails. */
export function pythonFloat(text: string): number | undefined {
  const plain = asciiDigits(pythonStrip(text)).replaceAll("_", "");
  if (!isPythonFloat(text)) return undefined;
  if (/nan$/i.test(plain)) return Number.NaN;
  if (/inf(?:inity)?$/i.test(plain))
    return plain.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return Number(plain);
}

/** Python's own limit on the digits of a decimal integer. */
const MOST_DIGITS = 4300;

const DIGITS = {
  2: /^(?:0b)?[01]+$/i,
  8: /^(?:0o)?[0-7]+$/i,
  10: /^\d+$/,
  16: /^(?:0x)?[0-9a-f]+$/i,
} as const;
const PREFIX = { 2: "0b", 8: "0o", 10: "", 16: "0x" } as const;

/** What Python's `int(text, base)` makes of a text without underscores; undefined where it fails. */
export function pythonInt(text: string, base: 2 | 8 | 10 | 16 = 10): bigint | undefined {
  const stripped = asciiDigits(pythonStrip(text));
  const digits = stripped.replace(/^[+-]/, "");
  if (!DIGITS[base].test(digits) || (base === 10 && digits.length > MOST_DIGITS)) return undefined;
  const size = BigInt(PREFIX[base] + digits.replace(/^0[box](?=.)/i, (lead) => (base === 10 ? lead : "")));
  return stripped.startsWith("-") ? -size : size;
}
