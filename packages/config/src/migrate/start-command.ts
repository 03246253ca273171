import type { YamlNode } from "../dialect/node.ts";
import type { Splice } from "../splice.ts";

/** The tool that fetched `model_cache`; `weights` need it no more. */
export const TRANSFER_TOOL = "truss-transfer-cli";

// With at most one argument, and whatever chains the next command to it.
const CALL = /truss-transfer-cli(?:[ \t]+[^\s;&|"'\\]+)?\s*(?:&&|;)\s*/g;

/** A start command without calls of the transfer tool. Calls that nothing follows stay. */
export function withoutTransferTool(command: string): string {
  return command.replace(CALL, "");
}

/** Takes the calls out of the source text of a scalar, which keeps its quotes and line breaks. */
export function removeTransferTool(text: string, node: YamlNode): Splice | undefined {
  const written = text.slice(node.start, node.end);
  const cleaned = withoutTransferTool(written);
  return cleaned === written ? undefined : { start: node.start, end: node.end, text: cleaned };
}
