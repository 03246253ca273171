import { inspect } from "node:util";
import type { RequestLog } from "@truss-chains/core";

/** What chainlets log on this machine goes to standard error: standard output belongs to the program that runs them. */
export function localLog(chainlet: string): RequestLog {
  const write = (level: string) => (message: string, fields?: Readonly<Record<string, unknown>>) => {
    const details = fields ? ` ${inspect(fields, { breakLength: Number.POSITIVE_INFINITY })}` : "";
    process.stderr.write(`${chainlet} ${level}: ${message}${details}\n`);
  };
  return { debug: () => {}, info: write("info"), warn: write("warn"), error: write("error") };
}
