import { z } from "zod";
import { YamlBytes, YamlFloat } from "../dialect/values.ts";
import { Fault, quote } from "../rules/fault.ts";
import { describe, missingValue, report } from "./fault.ts";
import { type JsonSchema, jsonSchemas } from "./json-schemas.ts";
import { schemaOf } from "./reader.ts";

/** Turns a value of a document into a value of a config, or says what is wrong. `undefined` means that it is missing. */
export type Convert<T> = (raw: unknown) => T | Fault;

/** A zod schema of one value. `json` is how an editor sees it. */
export function scalar<T>(json: JsonSchema, convert: Convert<T>): z.ZodType<T, unknown> {
  const schema = schemaOf((raw, findings): T => {
    const result = raw === undefined ? missingValue() : convert(raw);
    if (!(result instanceof Fault)) return result;
    report(findings, result);
    return z.NEVER;
  });
  jsonSchemas.add(schema, json);
  return schema;
}

/** Adds a rule to a conversion. */
export function checked<T>(convert: Convert<T>, rule: (value: T) => Fault | undefined): Convert<T> {
  return (raw) => {
    const value = convert(raw);
    return value instanceof Fault ? value : (rule(value) ?? value);
  };
}

/** Text. Numbers and booleans are refused, as Truss does: `cpu: 4` has to be `cpu: "4"`. */
export const toText: Convert<string> = (raw) => {
  if (typeof raw === "string") {
    return raw.isWellFormed() ? raw : new Fault("The text holds half of a surrogate pair.", "Remove it.");
  }
  if (raw instanceof YamlBytes) return raw.toText() ?? new Fault("The binary data is not UTF-8 text.");
  const quotable = typeof raw === "number" || typeof raw === "bigint" || typeof raw === "boolean";
  return new Fault(
    `Expected text, but got ${describe(raw)}.`,
    quotable ? `Put it in quotes: "${raw}".` : "Write text, in quotes where YAML would read something else.",
  );
};

/** Whole numbers with the conversions of pydantic's lax mode: `8000.0`, `"8_000"` and `true` are numbers too. */
export const toInteger: Convert<number> = (raw) => {
  if (typeof raw === "bigint") return Number(raw);
  if (typeof raw === "boolean") return raw ? 1 : 0;
  if (typeof raw === "number" || raw instanceof YamlFloat) {
    const value = typeof raw === "number" ? raw : raw.value;
    // Beyond 64 bits pydantic takes a whole number only if it was not written as a float.
    if (Number.isInteger(value) && (!(raw instanceof YamlFloat) || Math.abs(value) < 2 ** 63))
      return value + 0;
    return new Fault(`Expected a whole number, but got ${describe(raw)}.`);
  }
  const text = numericText(raw);
  if (text !== undefined) {
    const digits = /^([+-]?\d+(?:_\d+)*)(?:\.0+)?$/.exec(text)?.[1]?.replaceAll("_", "");
    if (digits !== undefined && digits.length <= 4300) return Number(digits) + 0;
  }
  return new Fault(`Expected a whole number, but got ${describe(raw)}.`);
};

/** Whole numbers only: no text, floats or booleans. */
const toStrictInteger: Convert<number> = (raw) => {
  if (typeof raw === "bigint") return Number(raw);
  if (typeof raw === "number" && Number.isInteger(raw)) return raw;
  const fix = typeof raw === "string" && /^\d+$/.test(raw) ? `Write it without quotes: ${raw}.` : undefined;
  return new Fault(`Expected a whole number, but got ${describe(raw)}.`, fix);
};

/** Numbers with the conversions of pydantic's lax mode. */
const toDecimal: Convert<number> = (raw) => {
  if (typeof raw === "number") return raw;
  if (typeof raw === "bigint") return Number(raw);
  if (typeof raw === "boolean") return raw ? 1 : 0;
  if (raw instanceof YamlFloat) return raw.value;
  const text = numericText(raw)?.replace(/^[+-]/, "");
  if (text !== undefined && !/^_|__|_$/.test(text)) {
    const sign = numericText(raw)?.startsWith("-") ? -1 : 1;
    const plain = text.replaceAll("_", "");
    if (/^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(plain)) return sign * Number(plain);
    if (/^inf(?:inity)?$/i.test(plain)) return sign * Number.POSITIVE_INFINITY;
    if (/^nan$/i.test(plain)) return Number.NaN;
  }
  return new Fault(`Expected a number, but got ${describe(raw)}.`);
};

function numericText(raw: unknown): string | undefined {
  const text = raw instanceof YamlBytes ? raw.toText() : raw;
  return typeof text === "string" ? text.trim() : undefined;
}

const YES = new Set(["true", "t", "yes", "y", "on", "1"]);
const NO = new Set(["false", "f", "no", "n", "off", "0"]);

/** Booleans with the conversions of pydantic's lax mode: `"yes"`, `0` and `1.0` are booleans too. */
const toFlag: Convert<boolean> = (raw) => {
  if (typeof raw === "boolean") return raw;
  const value = raw instanceof YamlFloat ? raw.value : raw;
  if (value === 0) return false;
  if (value === 1) return true;
  const word = (raw instanceof YamlBytes ? raw.toText() : raw) as unknown;
  if (typeof word === "string") {
    if (YES.has(word.toLowerCase())) return true;
    if (NO.has(word.toLowerCase())) return false;
  }
  return new Fault(`Expected true or false, but got ${describe(raw)}.`);
};

export const text = scalar<string>({ type: "string" }, toText);
export const integer = scalar<number>({ type: "integer" }, toInteger);
export const decimal = scalar<number>({ type: "number" }, toDecimal);
export const flag = scalar<boolean>({ type: "boolean" }, toFlag);

/** Text that follows a rule of its own. */
export function textWhere(
  rule: (value: string) => Fault | undefined,
  json: JsonSchema = {},
): z.ZodType<string, unknown> {
  return scalar<string>({ type: "string", ...json }, checked(toText, rule));
}

/** Text of at least one character. */
export const nonEmptyText = textWhere(
  (value) => (value === "" ? new Fault("The text is empty.", "Write a value.") : undefined),
  { minLength: 1 },
);

/** A whole number within bounds; text, floats and booleans are refused. */
export function strictInteger(
  minimum: number,
  maximum = Number.POSITIVE_INFINITY,
): z.ZodType<number, unknown> {
  const range =
    maximum === Number.POSITIVE_INFINITY ? `at least ${minimum}` : `between ${minimum} and ${maximum}`;
  return scalar<number>(
    { type: "integer", minimum, ...(Number.isFinite(maximum) && { maximum }) },
    checked(toStrictInteger, (value) =>
      value < minimum || value > maximum
        ? new Fault(`${value} is out of range.`, `Use ${range}.`)
        : undefined,
    ),
  );
}

/** One of a few words, spelled exactly so. `prepare` may adapt the text first. */
export function choice<const T extends string>(
  words: readonly T[],
  prepare: (word: string) => string = (word) => word,
): z.ZodType<T, unknown> {
  return scalar<T>({ enum: [...words] }, (raw) => {
    const word = typeof raw === "string" ? words.find((candidate) => candidate === prepare(raw)) : undefined;
    if (word !== undefined) return word;
    const list = words.map((candidate) => `\`${candidate}\``).join(", ");
    return new Fault(
      `Expected ${words.length === 1 ? list : `one of ${list}`}, but got ${describe(raw)}.`,
      typeof raw === "string" ? closestFix(raw, words) : undefined,
    );
  });
}

function closestFix(word: string, words: readonly string[]): string | undefined {
  const match = words.find(
    (candidate) => candidate.toLowerCase() === word.toLowerCase().replaceAll("-", "_"),
  );
  return match === undefined ? undefined : `Did you mean ${quote(match)}?`;
}
