import { ChainsError } from "@truss-chains/errors";

/**
 * A Python value that JavaScript has no type for. It keeps its type in binary mode; in JSON, and wherever a string is
 * asked for (`z.coerce.string()`), it is its text.
 */
abstract class TextValue {
  /** The text that Python prints and reads. */
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }

  toJSON(): string {
    return this.text;
  }
}

/** An exact decimal number: `new Decimal("1.10")`. */
export class Decimal extends TextValue {}

/** A UUID in its usual form with dashes. */
export class Uuid extends TextValue {}

/** A day without a time: `2020-01-02`. */
export class PlainDate extends TextValue {}

/** A time of day without a day or time zone: `03:04:05`. */
export class PlainTime extends TextValue {}

/** A date and time without a time zone: `2020-01-02T03:04:05`. One with a zone is a `Date`. */
export class PlainDateTime extends TextValue {}

/** A complex number as Python prints it: `(1+2j)`. */
export class Complex extends TextValue {}

const DAY_SECONDS = 86_400;
/** Python's. */
const MAX_DAYS = 999_999_999;

/** A span of time. Its parts are normalised as Python's are: `seconds` is below a day, `microseconds` below a second. */
export class Duration {
  readonly days: number;
  readonly seconds: number;
  readonly microseconds: number;

  /**
   * Takes any numbers, as `timedelta` does: what a part has beyond its range, and its fraction, go over to the others.
   *
   * @throws ChainsError `USAGE` when it is longer than 999999999 days, or no number.
   */
  constructor(days: number, seconds: number, microseconds: number) {
    const wholeDays = Math.floor(days);
    const allSeconds = seconds + (days - wholeDays) * DAY_SECONDS;
    const wholeSeconds = Math.floor(allSeconds);
    const allMicroseconds = Math.round(microseconds + (allSeconds - wholeSeconds) * 1e6);
    const carriedSeconds = Math.floor(allMicroseconds / 1e6);
    const carriedDays = Math.floor((wholeSeconds + carriedSeconds) / DAY_SECONDS);
    this.days = wholeDays + carriedDays;
    this.seconds = wholeSeconds + carriedSeconds - carriedDays * DAY_SECONDS;
    this.microseconds = allMicroseconds - carriedSeconds * 1e6;
    if (!(Math.abs(this.days) <= MAX_DAYS)) {
      throw new ChainsError(
        "USAGE",
        `${days} days, ${seconds} seconds and ${microseconds} microseconds are no span of time.`,
        { fix: `Python's timedelta holds up to ${MAX_DAYS} days.` },
      );
    }
  }

  /** The whole span in seconds. */
  toJSON(): number {
    return this.days * DAY_SECONDS + this.seconds + this.microseconds / 1e6;
  }
}

/** Whether a value is one of ours that says itself how it travels in JSON. */
export function isWireValue(value: object): boolean {
  return value instanceof TextValue || value instanceof Duration;
}
