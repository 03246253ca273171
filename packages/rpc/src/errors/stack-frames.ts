import { isAbsolute } from "node:path";
import { fileURLToPath } from "node:url";

/** One call of a stack, in a file of code. Lines and columns are 1-based. */
export interface StackFrame {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

const CALL = "    at ";

/**
 * The calls that V8 wrote into an error's stack, innermost first; those of Node itself and of code without a file are
 * left out. Nothing that stands in the message is taken for a call, whatever it looks like: clients have words in it.
 */
export function stackFrames(error: Error): StackFrame[] {
  return callLines(error).flatMap((line) => parseCall(line) ?? []);
}

function callLines(error: Error): string[] {
  const { stack, message } = textsOf(error);
  const lines = stack.slice(endOfHeader(stack, message)).split("\n").slice(1);
  const end = lines.findIndex((line) => !line.startsWith(CALL));
  return end === -1 ? lines : lines.slice(0, end);
}

/** An author's class may have anything in the place of its texts. */
function textsOf(error: Error): { readonly stack: string; readonly message: string } {
  try {
    const { stack, message } = error as { stack?: unknown; message?: unknown };
    if (typeof stack === "string" && typeof message === "string") return { stack, message };
  } catch {
    // A getter that throws: there is nothing to read.
  }
  return { stack: "", message: "" };
}

/**
 * Where `name: message` ends and the calls begin. When that cannot be told, since the message was changed after the
 * stack was written, this is the end of it all: there are no calls then.
 */
function endOfHeader(stack: string, message: string): number {
  const name = /^[^\n:]*/.exec(stack)![0];
  const header = message === "" ? name : `${name}: ${message}`;
  return stack.startsWith(`${header}\n${CALL}`) ? header.length : stack.length;
}

// `at name (file:line:column)` or `at file:line:column`. No part is looked at twice: a stack can be very long.
function parseCall(text: string): StackFrame | undefined {
  const call = text.slice(CALL.length).replace(/^async /, "");
  const open = call.endsWith(")") ? call.indexOf(" (") : -1;
  const place = open === -1 ? call : call.slice(open + 2, -1);
  const position = /:(\d{1,9}):(\d{1,9})$/.exec(place);
  const file = position ? codeFile(place.slice(0, position.index)) : undefined;
  if (!position || file === undefined) return undefined;
  const name = open === -1 ? "<anonymous>" : call.slice(0, open);
  return { name: withoutAlias(name), file, line: Number(position[1]), column: Number(position[2]) };
}

/** `Search.runRemote [as handler]` says under which name it was called, too. */
function withoutAlias(name: string): string {
  const alias = name.endsWith("]") ? name.lastIndexOf(" [as ") : -1;
  return alias === -1 ? name : name.slice(0, alias);
}

const CODE = /\.[cm]?[jt]sx?$/;

function codeFile(place: string): string | undefined {
  const path = place.startsWith("file:") ? pathOf(place) : place;
  return path !== undefined && isAbsolute(path) && CODE.test(path) ? path : undefined;
}

function pathOf(url: string): string | undefined {
  try {
    return fileURLToPath(url);
  } catch {
    return undefined;
  }
}
