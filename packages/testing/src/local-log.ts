import { inspect } from "node:util";
import type { RequestLog } from "@truss-chains/core";
import { redactor } from "@truss-chains/rpc";
import { failureText } from "./failure-text.ts";

type LogFields = Readonly<Record<string, unknown>>;

/**
 * What chainlets log on this machine goes to standard error: standard output belongs to the program that runs them.
 *
 * @param secrets values that are blanked, as a server does it.
 */
export function localLog(chainlet: string, secrets: readonly string[] = []): RequestLog {
  const clean = redactor(secrets);
  const write = (level: string) => (message: string, fields?: LogFields) => {
    process.stderr.write(clean(`${chainlet} ${level}: ${message}${fields ? fieldsText(fields) : ""}\n`));
  };
  return { debug: () => {}, info: write("info"), warn: write("warn"), error: write("error") };
}

function fieldsText({ err, ...others }: LogFields): string {
  const details = Object.keys(others).length > 0 ? ` ${inspect(others, { breakLength: Infinity })}` : "";
  return err === undefined ? details : `${details} ${failureText(err)}`;
}
