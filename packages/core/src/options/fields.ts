import type { Fault } from "@truss-chains/config/rules";
import { ChainsError, formatPath, type Problem } from "@truss-chains/errors";
import { raise } from "./collected-faults.ts";
import { nearest } from "./nearest.ts";
import { findNotJson } from "./not-json.ts";

/** What is wrong with a value: the rest of a sentence about the field, or a whole fault of config.yaml's rules. */
type Check<T> = (value: T) => string | Fault | undefined;

/**
 * Reads the fields of one options object, collecting every fault, so that a person sees them all in one error. Call
 * `done()` last. What is no object at all has no fields to judge: that throws at once.
 */
export class Fields {
  readonly #owner: string;
  readonly #init: Readonly<Record<string, unknown>>;
  readonly #problems: Problem[] = [];

  constructor(owner: string, init: object, known: readonly string[]) {
    this.#owner = owner;
    this.#init = isRecord(init) ? init : {};
    if (!isRecord(init)) {
      this.#fault(undefined, `takes an object, got ${show(init)}.`, "Write its fields in braces: { … }.");
      throw this.#error(this.#problems[0]!);
    }
    for (const key of Object.keys(this.#init)) {
      if (known.includes(key)) continue;
      const near = nearest(key, known);
      this.#fault(
        key,
        "is not a known field.",
        near ? `Did you mean \`${near}\`?` : `Known: ${known.join(", ")}.`,
      );
    }
  }

  string<D extends string | undefined>(key: string, fallback: D, check?: Check<string>): string | D {
    return this.#read(key, fallback, "a string", isString, check);
  }

  requiredString(key: string, check?: Check<string>): string {
    return this.#required(key, "a string", isString, check ?? notEmpty);
  }

  boolean<D extends boolean | undefined>(key: string, fallback: D): boolean | D {
    return this.#read(key, fallback, "true or false", (value) => typeof value === "boolean");
  }

  requiredBoolean(key: string): boolean {
    return this.#required(key, "true or false", (value) => typeof value === "boolean");
  }

  number<D extends number | undefined>(key: string, fallback: D, check?: Check<number>): number | D {
    return this.#read(key, fallback, "a number", isNumber, check);
  }

  requiredNumber(key: string, check?: Check<number>): number {
    return this.#required(key, "a number", isNumber, check);
  }

  strings<D extends readonly string[] | undefined>(key: string, fallback: D): readonly string[] | D {
    const value = this.#read<readonly string[], D>(key, fallback, "a list of strings", Array.isArray);
    if (!Array.isArray(value)) return value;
    for (const [index, item] of value.entries()) this.#checkString(`${key}[${index}]`, item);
    return Object.freeze([...value]) as readonly string[];
  }

  stringMap(key: string): Readonly<Record<string, string>> {
    const value = this.#read<Record<string, string>, Record<string, string>>(
      key,
      {},
      "an object of strings",
      isRecord,
    );
    for (const [name, item] of Object.entries(value)) this.#checkString(`${key}.${name}`, item);
    return Object.freeze({ ...value });
  }

  /** An object of plain JSON. */
  record<D extends Readonly<Record<string, unknown>> | undefined>(
    key: string,
    fallback: D,
  ): Readonly<Record<string, unknown>> | D {
    const value = this.#read<Readonly<Record<string, unknown>>, D>(key, fallback, "an object", isRecord);
    const wrong = findNotJson(value ?? null);
    if (wrong)
      this.#fault(
        formatPath([key, ...wrong.path]),
        `must be a value that JSON has, got ${show(wrong.value)}.`,
        "Use strings, finite numbers, booleans, null, lists and plain objects; no object inside of itself.",
      );
    return value;
  }

  oneOf<const V extends string, D extends V | undefined>(
    key: string,
    values: readonly V[],
    fallback: D,
  ): V | D {
    const check: Check<string> = (value) =>
      values.includes(value as V) ? undefined : `must be one of ${values.join(", ")}; got "${value}".`;
    return this.string(key, fallback, check) as V | D;
  }

  /** A nested options object; a plain object is turned into one. */
  instance<T extends object, D extends T | undefined>(
    key: string,
    cls: new (init: any) => T,
    fallback: D,
  ): T | D {
    const value = this.#init[key];
    if (value === undefined) return fallback;
    if (value instanceof cls) return value;
    if (value?.constructor?.name === cls.name) return value as T;
    if (isRecord(value) && Object.getPrototypeOf(value) === Object.prototype) {
      return this.#attempt(() => new cls(value), fallback);
    }
    this.#fault(key, `must be a ${cls.name}, got ${show(value)}.`, `Write new ${cls.name}({ … }).`);
    return fallback;
  }

  instances<T extends object>(key: string, cls: new (init: any) => T): readonly T[] {
    const value = this.#init[key];
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      this.#fault(key, `must be a list of ${cls.name}, got ${show(value)}.`);
      return [];
    }
    const each = value.map((item, index) => {
      const reader = new Fields(this.#owner, { [`${key}[${index}]`]: item }, [`${key}[${index}]`]);
      const made = reader.instance(`${key}[${index}]`, cls, undefined);
      this.#problems.push(...reader.#problems);
      return made;
    });
    return Object.freeze(each.filter((item) => item !== undefined) as T[]);
  }

  /** A rule between fields. */
  rule(broken: boolean, key: string | undefined, message: string, fix?: string): void {
    if (broken) this.#fault(key, message, fix);
  }

  /** @throws ChainsError `CHAINLET_OPTIONS_INVALID` with every fault found. */
  done(): void {
    const [first] = this.#problems;
    if (first) raise(this.#error(first));
  }

  #error(first: Problem): ChainsError {
    const { length } = this.#problems;
    if (length > 1) {
      return ChainsError.fromProblems(
        "CHAINLET_OPTIONS_INVALID",
        `${this.#owner} has ${length} faults:`,
        this.#problems,
      );
    }
    return new ChainsError("CHAINLET_OPTIONS_INVALID", first.message, {
      problems: this.#problems,
      ...(first.fix !== undefined && { fix: first.fix }),
    });
  }

  #read<T, D>(
    key: string,
    fallback: D,
    expected: string,
    isType: (value: unknown) => boolean,
    check?: Check<T>,
  ): T | D {
    const value = this.#init[key];
    if (value === undefined) return fallback;
    if (!isType(value)) {
      this.#fault(key, `must be ${expected}, got ${show(value)}.`);
      return fallback;
    }
    const fault = check?.(value as T);
    if (typeof fault === "string") this.#fault(key, fault);
    else if (fault) this.#fault(key, `is not valid: ${fault.message}`, fault.fix);
    return value as T;
  }

  #checkString(place: string, value: unknown): void {
    if (!isString(value)) this.#fault(place, `must be a string, got ${show(value)}.`);
  }

  #required<T>(key: string, expected: string, isType: (value: unknown) => boolean, check?: Check<T>): T {
    if (this.#init[key] === undefined) this.#fault(key, "is required.", `Give it ${expected}.`);
    return this.#read<T, undefined>(key, undefined, expected, isType, check) as T;
  }

  #attempt<T, D>(make: () => T, fallback: D): T | D {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof ChainsError)) throw error;
      this.#problems.push(...error.problems);
      return fallback;
    }
  }

  #fault(key: string | undefined, rest: string, fix?: string): void {
    this.#problems.push({
      code: "CHAINLET_OPTIONS_INVALID",
      severity: "error",
      message: `${key === undefined ? this.#owner : `${this.#owner}.${key}`} ${rest}`,
      ...(fix !== undefined && { fix }),
    });
  }
}

export const integerFrom =
  (least: number): Check<number> =>
  (value) =>
    Number.isInteger(value) && value >= least
      ? undefined
      : `must be a whole number of at least ${least}, got ${value}.`;

export const positive: Check<number> = (value) =>
  Number.isFinite(value) && value > 0 ? undefined : `must be a number above 0, got ${value}.`;

const notEmpty: Check<string> = (value) => (value === "" ? "must not be empty." : undefined);
const isString = (value: unknown): value is string => typeof value === "string";
const isNumber = (value: unknown): value is number => typeof value === "number";
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

// A value is named by its kind only, unless it is a short scalar that cannot be a secret.
function show(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "function") return `the class or function ${value.name || "(anonymous)"}`;
  if (typeof value === "object") {
    const name = value.constructor?.name ?? "Object";
    return name === "Object" ? "an object" : `an instance of ${name}`;
  }
  return `a ${typeof value}`;
}
