import { isPythonFloat } from "../python-text.ts";
import { Fault, quote } from "./fault.ts";

/** Checks a `cpu` value: a number as text, or millicores such as `500m`. */
export function checkCpu(value: string): Fault | undefined {
  if (isPythonFloat(value) || /^[0-9.]*m$/.test(value)) return undefined;
  return new Fault(
    `${quote(value)} is not an amount of CPU.`,
    'Write cores or millicores, such as "4" or "500m".',
  );
}
