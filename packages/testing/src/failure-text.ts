import { inspect } from "node:util";
import { ChainsError } from "@truss-chains/errors";
import { toErrorBody } from "@truss-chains/rpc";

/** The frame below which a stack is the runtime's. */
const BOUNDARY = /^\s+at .*\bserveEndpoint\b/;

/** Something that was thrown, for who wrote the chainlet: a ChainsError says it all, of others the place counts too. */
export function failureText(thrown: unknown): string {
  if (thrown instanceof ChainsError) return thrown.message;
  if (!(thrown instanceof Error)) return `Thrown: ${inspect(thrown)}`;
  const lines = (thrown.stack ?? String(thrown)).split("\n");
  const end = lines.findIndex((line) => BOUNDARY.test(line));
  return (end === -1 ? lines : lines.slice(0, end)).join("\n");
}

/** Whether the answer for a failure keeps from the caller what failed. */
export function isHidden(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return true;
  return !toErrorBody(thrown).body.includes(JSON.stringify(thrown.message).slice(1, -1));
}
