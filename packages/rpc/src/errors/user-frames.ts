import { redactor } from "../redaction/redactor.ts";
import type { RemoteFrame } from "./remote-error-detail.ts";
import { sourcePosition } from "./source-map-file.ts";
import { type StackFrame, stackFrames } from "./stack-frames.ts";

export interface UserFramesOptions {
  /**
   * Name of the function that calls the user's endpoint: it and what called it are left out.
   * @default "serveEndpoint"
   */
  readonly boundary?: string;
}

const DEFAULT_BOUNDARY = "serveEndpoint";
/** The class of the stubs: what they do below the user's call is not the user's. */
const STUB_CLASS = /\bChainletSt(ub|ream)\./;

/**
 * The part of an error's stack that the author of the chainlet wrote, outermost call first, mapped to the sources
 * through source maps. Empty for a value that has no stack.
 */
export async function userFrames(error: unknown, options: UserFramesOptions = {}): Promise<RemoteFrame[]> {
  if (!(error instanceof Error)) return [];
  const frames = ownPart(stackFrames(error), options.boundary ?? DEFAULT_BOUNDARY);
  const mapped = await Promise.all(frames.filter(({ file }) => !isLibrary(file)).map(mapFrame));
  return mapped.filter((frame) => !isLibrary(frame.filename)).reverse();
}

function ownPart(frames: readonly StackFrame[], boundary: string): readonly StackFrame[] {
  const end = frames.findIndex((frame) => frame.name.split(".").at(-1) === boundary);
  const below = end === -1 ? frames : frames.slice(0, end);
  return below.slice(below.findLastIndex((frame) => STUB_CLASS.test(frame.name)) + 1);
}

const redact = redactor([]);

/** A longer line is none that a person wrote: a bundle can be one line. */
const MAX_LINE_CHARACTERS = 1000;

async function mapFrame(frame: StackFrame): Promise<RemoteFrame> {
  const { file, line, text } = await sourcePosition(frame.file, frame.line, frame.column);
  return {
    filename: file,
    lineno: line,
    name: frame.name,
    line: text === undefined || text.length > MAX_LINE_CHARACTERS ? null : redact(text.trim()),
  };
}

// The second folder lies beside a built server and holds the runtime.
const LIBRARIES = /[\\/](node_modules|server-runtime)[\\/]/;

function isLibrary(file: string): boolean {
  return LIBRARIES.test(file);
}
