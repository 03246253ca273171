import { YamlFloat } from "./dialect/values.ts";

/**
 * JavaScript cannot tell `1.0` from `1`, nor hold `12345678901234567890`. So that rendering writes what was read, the
 * spelling of such numbers is remembered beside the plain object or list that holds them.
 */
const spellings = new WeakMap<object, Map<string | number, string>>();

/** Remembers how `raw`, placed at `container[key]`, was written, where a plain number would lose it. */
export function noteNumeral(container: object, key: string | number, raw: unknown): void {
  const spelling =
    typeof raw === "bigint"
      ? String(raw)
      : raw instanceof YamlFloat && Number.isInteger(raw.value)
        ? floatSpelling(raw.value)
        : undefined;
  if (spelling === undefined) return;
  const known = spellings.get(container);
  if (known) known.set(key, spelling);
  else spellings.set(container, new Map([[key, spelling]]));
}

/** The exact spelling of the number at `container[key]`, as long as the number is still the one that was read. */
export function numeralAt(container: object, key: string | number, value: number): string | undefined {
  const spelling = spellings.get(container)?.get(key);
  return spelling !== undefined && Number(spelling) === value ? spelling : undefined;
}

/** Copies what is remembered about `from` to a copy of it. */
export function copyNumerals(from: object, to: object): void {
  const known = spellings.get(from);
  if (known) spellings.set(to, known);
}

function floatSpelling(value: number): string {
  const text = Object.is(value, -0) ? "-0" : String(value);
  if (!text.includes("e")) return `${text}.0`;
  return text.replace("e", text.includes(".") ? "e" : ".0e");
}
