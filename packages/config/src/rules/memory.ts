import { asciiDigits, isPythonFloat, pythonStrip } from "../python-text.ts";
import { Fault, quote } from "./fault.ts";

/** Units of `resources.memory` and how many bytes each one is. */
const MEMORY_UNITS = {
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
} as const;

/** Checks a `memory` value: a number as text, in bytes or with a unit such as `Gi`. */
export function checkMemory(value: string): Fault | undefined {
  if (isPythonFloat(value)) return undefined;
  const unit = /^[0-9.]*([a-zA-Z]+)?$/.exec(value)?.[1];
  if (unit !== undefined && Object.hasOwn(MEMORY_UNITS, unit)) return undefined;
  const units = Object.keys(MEMORY_UNITS);
  const near = units.find((known) => known.toLowerCase() === unit?.toLowerCase());
  return unit === undefined
    ? new Fault(`${quote(value)} is not an amount of memory.`, 'Write a number and a unit, such as "16Gi".')
    : new Fault(
        `${quote(unit)} is not a unit of memory.`,
        near ? `Did you mean ${quote(near)}?` : `Use one of ${units.join(", ")}.`,
      );
}

/** Bytes of a valid `memory` value; undefined where it has no number, such as `Gi`. */
export function memoryInBytes(value: string): number | undefined {
  const [, number = "", unit] = /^([0-9.]*)([a-zA-Z]+)?$/.exec(value) ?? [];
  const scale = unit === undefined ? 1 : MEMORY_UNITS[unit as keyof typeof MEMORY_UNITS];
  const bytes = Math.ceil(Number(number === "" ? Number.NaN : number) * (scale ?? Number.NaN));
  if (Number.isFinite(bytes)) return bytes;
  const plain = Number(asciiDigits(pythonStrip(value)).replaceAll("_", "") || Number.NaN);
  return Number.isFinite(plain) ? Math.ceil(plain) : undefined;
}
