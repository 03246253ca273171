import { ChainsError } from "@truss-chains/errors";
import { parseWireDType } from "./dtypes.ts";
import { NdArray } from "./nd-array.ts";

/**
 * The array that these bytes hold: a view of them where their alignment allows, else a copy.
 *
 * @throws ChainsError `BODY_INVALID` when dtype, shape and bytes do not belong together.
 */
export function arrayFromBytes(code: string, shape: readonly number[], bytes: Uint8Array): NdArray {
  const wire = parseWireDType(code);
  const items = shape.reduce((product, length) => product * length, 1);
  if (wire.kind === "str") {
    checkLength({ code, shape, items, itemBytes: wire.characters * 4 }, bytes.byteLength);
    const cells = aligned(bytes, 4, wire.swapped);
    return new NdArray(
      "str",
      shape,
      readStrings(
        new Uint32Array(cells.buffer, cells.byteOffset, items * wire.characters),
        wire.characters,
        items,
      ),
    );
  }
  const { dtype, swapped } = wire;
  const { BYTES_PER_ELEMENT } = dtype.view;
  checkLength({ code, shape, items, itemBytes: dtype.width * BYTES_PER_ELEMENT }, bytes.byteLength);
  const cells = aligned(bytes, BYTES_PER_ELEMENT, swapped);
  return new NdArray(
    dtype.name,
    shape,
    new dtype.view(cells.buffer, cells.byteOffset, items * dtype.width) as never,
  );
}

interface Announced {
  readonly code: string;
  readonly shape: readonly number[];
  readonly items: number;
  readonly itemBytes: number;
}

/** Every item takes a byte at least, so that a shape that lies cannot make us allocate for it. */
function checkLength({ code, shape, items, itemBytes }: Announced, got: number): void {
  const expected = items * itemBytes;
  if (expected === got && (itemBytes > 0 || items === 0)) return;
  const array = `An array of dtype ${code} and shape [${shape.join(", ")}]`;
  const why = itemBytes > 0 ? `needs ${expected} bytes, but ${got} came` : "has items without bytes";
  throw new ChainsError("BODY_INVALID", `${array} ${why}.`);
}

function aligned(bytes: Uint8Array, unit: number, swapped: boolean): Uint8Array {
  if (!swapped && bytes.byteOffset % unit === 0) return bytes;
  const copy = new Uint8Array(bytes.byteLength);
  copy.set(bytes);
  if (swapped && unit > 1) {
    const buffer = Buffer.from(copy.buffer);
    if (unit === 2) buffer.swap16();
    else if (unit === 4) buffer.swap32();
    else buffer.swap64();
  }
  return copy;
}

function readStrings(cells: Uint32Array, characters: number, items: number): string[] {
  return Array.from({ length: items }, (_, index) => {
    let text = "";
    for (let at = index * characters; at < (index + 1) * characters; at++) {
      const point = cells[at]!;
      if (point === 0) break;
      if (point > 0x10ffff)
        throw new ChainsError("BODY_INVALID", `An array of strings holds ${point}, which is no character.`);
      text += String.fromCodePoint(point);
    }
    return text;
  });
}
