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

/** A span of time. `seconds` is below a day and `microseconds` below a second, as Python normalises them. */
export class Duration {
  readonly days: number;
  readonly seconds: number;
  readonly microseconds: number;

  constructor(days: number, seconds: number, microseconds: number) {
    this.days = days;
    this.seconds = seconds;
    this.microseconds = microseconds;
  }

  /** The whole span in seconds. */
  toJSON(): number {
    return this.days * 86_400 + this.seconds + this.microseconds / 1e6;
  }
}

/** Whether a value is one of ours that says itself how it travels in JSON. */
export function isWireValue(value: object): boolean {
  return value instanceof TextValue || value instanceof Duration;
}
