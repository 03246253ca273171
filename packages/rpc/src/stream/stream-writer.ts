import { ChainsError } from "@truss-chains/errors";
import { encodeJson } from "../codec/json.ts";
import { encodeFrame, FRAME } from "./frame.ts";
import type { StreamTypes, Written } from "./stream-types.ts";

/** Makes the bytes that a chainlet yields; see `streamWriter`. */
export interface StreamWriter<T extends StreamTypes> {
  /** @throws ChainsError `USAGE` when something was written before. */
  header(value: Written<T, "header">): Uint8Array;
  /** @throws ChainsError `USAGE` after the footer. */
  item(value: Written<T, "item">): Uint8Array;
  footer(value: Written<T, "footer">): Uint8Array;
}

/**
 * Writes a stream of typed messages as bytes, in the framing that `truss_chains.streaming` reads. Only needed for a
 * header or a footer of one's own: a chainlet may simply yield objects.
 */
export function streamWriter<const T extends StreamTypes>(types: T): StreamWriter<T> {
  let started = false;
  let finished = false;
  const frame = (kind: 2 | 3 | 4, value: unknown) => {
    started = true;
    return encodeFrame(kind, encodeJson(value));
  };
  return {
    header(value) {
      require(types.header !== undefined, "This stream has no header.", "Give `header` to streamWriter().");
      require(!started, "The header comes too late.", "Yield it before anything else.");
      return frame(FRAME.HEADER, value);
    },
    item(value) {
      require(!finished, "An item came after the footer.", "Yield the footer last.");
      return frame(FRAME.ITEM, value);
    },
    footer(value) {
      require(types.footer !== undefined, "This stream has no footer.", "Give `footer` to streamWriter().");
      finished = true;
      return frame(FRAME.FOOTER, value);
    },
  };
}

function require(condition: boolean, message: string, fix: string): void {
  if (!condition) throw new ChainsError("USAGE", message, { fix });
}
