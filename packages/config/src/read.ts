import { ChainsError, type Problem } from "@truss-chains/errors";
import { readDocument, type YamlDocument } from "./dialect/document.ts";
import { DocumentFault } from "./dialect/fault.ts";
import { Places } from "./places.ts";

export interface ParseOptions {
  /** The file that the text is from, as the user would open it. It appears in the places of problems. */
  readonly file?: string;
}

/** Reads a text as YAML 1.1. Throws a `ChainsError`: `CONFIG_SYNTAX` or `CONFIG_LIMIT`, with the place. */
export function readConfigDocument(text: string, { file }: ParseOptions): YamlDocument {
  try {
    return readDocument(text);
  } catch (error) {
    if (!(error instanceof DocumentFault)) throw error;
    const code = error.kind === "limit" ? "CONFIG_LIMIT" : "CONFIG_SYNTAX";
    const problem: Problem = {
      code,
      severity: "error",
      message: error.message,
      ...(error.fix !== undefined && { fix: error.fix }),
      location: new Places(text, undefined, new Map(), file).ofOffset(error.offset),
    };
    throw ChainsError.fromProblems(code, `${file ?? "The config"} cannot be read:`, [problem]);
  }
}

/** Decodes the bytes of a file. Throws a `ChainsError` (`CONFIG_SYNTAX`) where they are not UTF-8. */
export function decodeConfig(bytes: Uint8Array, { file }: ParseOptions): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new ChainsError("CONFIG_SYNTAX", "The config is not UTF-8 text.", {
      fix: "Save it as UTF-8.",
      ...(file !== undefined && { location: { file } }),
      cause,
    });
  }
}
