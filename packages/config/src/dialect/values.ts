/**
 * Values that YAML 1.1 has and JSON lacks. A document is read into plain data plus these; validation turns them into
 * plain data, the way the Truss loader does. Whole numbers are `number`, or `bigint` where a `number` is not exact.
 */
export abstract class YamlValue {
  /** What to call it in a message: `the date 2024-01-01`. */
  abstract describe(): string;
}

/** A number that was written as a float, even a whole one such as `1.0`. */
export class YamlFloat extends YamlValue {
  readonly value: number;
  constructor(value: number) {
    super();
    this.value = value;
  }
  describe(): string {
    return `the number ${Number.isInteger(this.value) ? this.value.toFixed(1) : this.value}`;
  }
}

/** `2024-01-01`, or with a time: `2024-01-01T10:00:00Z`. */
export class YamlTimestamp extends YamlValue {
  /** Calendar fields as written; `microsecond` is 0 to 999999. */
  readonly fields: TimestampFields;
  constructor(fields: TimestampFields) {
    super();
    this.fields = fields;
  }

  private get day(): string {
    const { year, month, day } = this.fields;
    return `${pad(year, 4)}-${pad(month)}-${pad(day)}`;
  }

  private get clock(): string {
    const { time } = this.fields;
    if (!time) return "";
    const fraction = time.microsecond ? `.${pad(time.microsecond, 6)}` : "";
    return `${pad(time.hour)}:${pad(time.minute)}:${pad(time.second)}${fraction}`;
  }

  private offset(zero: string): string {
    const seconds = this.fields.time?.offsetSeconds;
    if (seconds === undefined) return "";
    if (seconds === 0) return zero;
    const minutes = Math.abs(seconds) / 60;
    return `${seconds < 0 ? "-" : "+"}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
  }

  /** The form in JSON: `2024-01-01T10:00:00Z`. */
  toIso(): string {
    return this.fields.time ? `${this.day}T${this.clock}${this.offset("Z")}` : this.day;
  }

  /** The form of Python's `str()`: `2024-01-01 10:00:00+00:00`. */
  toPython(): string {
    return this.fields.time ? `${this.day} ${this.clock}${this.offset("+00:00")}` : this.day;
  }

  describe(): string {
    return `the date ${this.toIso()}`;
  }
}

export interface TimestampFields {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly time?: {
    readonly hour: number;
    readonly minute: number;
    readonly second: number;
    readonly microsecond: number;
    /** Undefined for a local time. */
    readonly offsetSeconds?: number;
  };
}

/** `!!binary`. */
export class YamlBytes extends YamlValue {
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    super();
    this.bytes = bytes;
  }

  /** The text, or undefined where the bytes are not UTF-8. */
  toText(): string | undefined {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(this.bytes);
    } catch {
      return undefined;
    }
  }

  describe(): string {
    return `${this.bytes.length} bytes of binary data`;
  }
}

/** `!!set`. Its items are the keys of the mapping it was written as. */
export class YamlSet extends YamlValue {
  readonly items: readonly unknown[];
  constructor(items: readonly unknown[]) {
    super();
    this.items = items;
  }
  describe(): string {
    return "a set";
  }
}

/** One item of `!!omap` or `!!pairs`. */
export class YamlPair extends YamlValue {
  readonly key: unknown;
  readonly value: unknown;
  constructor(key: unknown, value: unknown) {
    super();
    this.key = key;
    this.value = value;
  }
  describe(): string {
    return "a pair";
  }
}

/** A mapping of which at least one key is not text. */
export class YamlMap extends YamlValue {
  readonly entries: readonly (readonly [key: unknown, value: unknown])[];
  constructor(entries: readonly (readonly [unknown, unknown])[]) {
    super();
    this.entries = entries;
  }
  describe(): string {
    return "a mapping";
  }
}

function pad(value: number, width = 2): string {
  return String(value).padStart(width, "0");
}
