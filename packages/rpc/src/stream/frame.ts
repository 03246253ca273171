import { ChainsError } from "@truss-chains/errors";

/**
 * The kinds of frames of a structured stream, as the Python package numbers them. A frame is this byte, the length of
 * the payload as a big-endian uint32, and the payload.
 */
export const FRAME = { HEADER: 2, ITEM: 3, FOOTER: 4 } as const;

export type FrameKind = (typeof FRAME)[keyof typeof FRAME];

export interface Frame {
  readonly kind: FrameKind;
  readonly payload: Uint8Array;
}

export const TAG_BYTES = 5;

/** @throws ChainsError `STREAM_FORMAT` when the payload is longer than a frame can say. */
export function writeTag(bytes: Uint8Array, at: number, kind: FrameKind, length: number): void {
  if (length > 0xffff_ffff) {
    throw new ChainsError("STREAM_FORMAT", `An item of ${length} bytes is too long for one frame.`, {
      fix: "Yield it in parts.",
    });
  }
  bytes[at] = kind;
  bytes[at + 1] = length >>> 24;
  bytes[at + 2] = length >>> 16;
  bytes[at + 3] = length >>> 8;
  bytes[at + 4] = length;
}

/** One complete frame. */
export function encodeFrame(kind: FrameKind, payload: Uint8Array | string): Uint8Array {
  const length = typeof payload === "string" ? Buffer.byteLength(payload) : payload.byteLength;
  const frame = Buffer.allocUnsafe(TAG_BYTES + length);
  writeTag(frame, 0, kind, length);
  if (typeof payload === "string") frame.write(payload, TAG_BYTES, length, "utf8");
  else frame.set(payload, TAG_BYTES);
  return frame;
}
