import { shortPath } from "./short-path.ts";

const FRAME = /^ {4}at /;
/** Frames of the SDK in a server, and of Node. */
const NOT_OF_THE_USER = /\/server-runtime\/|\(node:|at node:/;

/** An error as servers log it. */
export interface LoggedError {
  readonly stack: string;
}

export function isLoggedError(value: unknown): value is LoggedError {
  return typeof value === "object" && value !== null && typeof (value as LoggedError).stack === "string";
}

/**
 * A logged error for a person: what was thrown and where in the user's code, then its causes. A cause that says the
 * same once more is left out.
 */
export function loggedErrorLines({ stack }: LoggedError): string[] {
  const told = new Set<string>();
  return stack.split(/^caused by: /m).flatMap((section, index) => {
    const lines = section.trimEnd().split("\n");
    const [heading, frames] = [
      lines.filter((line) => !FRAME.test(line)),
      lines.filter((line) => FRAME.test(line)),
    ];
    const message = heading.join("\n").replace(/^\w+: /, "");
    if (told.has(message)) return [];
    told.add(message);
    const own = frames.filter((line) => !NOT_OF_THE_USER.test(line));
    const lead = index === 0 ? "" : "caused by: ";
    return [`${lead}${heading.join("\n")}`, ...own.map(withShortPath)].flatMap((text) => text.split("\n"));
  });
}

function withShortPath(frame: string): string {
  return frame.replace(/(?:file:\/\/)?(\/[^\s():]+)/, (_, path: string) => shortPath(path));
}
