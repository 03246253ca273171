import { ChainsError } from "@truss-chains/errors";
import { type BinaryMap, reviveSpecial } from "./msgpack-special.ts";
import { MAX_DEPTH } from "./unserializable.ts";
import { decodeUtf8 } from "./utf8.ts";

/**
 * Reads msgpack as the Python package writes it. bytes come as `Uint8Array`, and the numbers of an `NdArray`, as
 * views of `bytes` wherever alignment allows. Integers beyond 2^53 come as bigint, numpy scalars as plain values.
 *
 * @throws ChainsError `BODY_INVALID` when the bytes are not one complete message, or hold pickled objects.
 */
export function decodeMsgpack(bytes: Uint8Array): unknown {
  const reader = new Reader(bytes);
  const value = reader.value(0);
  reader.expectEnd();
  return value;
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;
  // How many values all headers so far have announced.
  #announced = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  expectEnd(): void {
    const left = this.#bytes.length - this.#at;
    if (left > 0) throw invalid(`${left} bytes follow its end`);
  }

  value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw invalid(`it is nested deeper than ${MAX_DEPTH} levels`);
    const tag = this.#uint(1);
    if (tag < 0x80) return tag;
    if (tag < 0x90) return this.#map(tag & 0x0f, depth);
    if (tag < 0xa0) return this.#array(tag & 0x0f, depth);
    if (tag < 0xc0) return this.#string(tag & 0x1f);
    if (tag >= 0xe0) return tag - 0x100;
    switch (tag) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
        return this.#take(this.#uint(1));
      case 0xc5:
        return this.#take(this.#uint(2));
      case 0xc6:
        return this.#take(this.#uint(4));
      case 0xca:
        return this.#bytes.readFloatBE(this.#skip(4));
      case 0xcb:
        return this.#bytes.readDoubleBE(this.#skip(8));
      case 0xcc:
        return this.#uint(1);
      case 0xcd:
        return this.#uint(2);
      case 0xce:
        return this.#uint(4);
      case 0xcf:
        return shrink(this.#bytes.readBigUInt64BE(this.#skip(8)));
      case 0xd0:
        return this.#bytes.readInt8(this.#skip(1));
      case 0xd1:
        return this.#bytes.readInt16BE(this.#skip(2));
      case 0xd2:
        return this.#bytes.readInt32BE(this.#skip(4));
      case 0xd3:
        return shrink(this.#bytes.readBigInt64BE(this.#skip(8)));
      case 0xd9:
        return this.#string(this.#uint(1));
      case 0xda:
        return this.#string(this.#uint(2));
      case 0xdb:
        return this.#string(this.#uint(4));
      case 0xdc:
        return this.#array(this.#uint(2), depth);
      case 0xdd:
        return this.#array(this.#uint(4), depth);
      case 0xde:
        return this.#map(this.#uint(2), depth);
      case 0xdf:
        return this.#map(this.#uint(4), depth);
      default:
        throw invalid(`it has an extension type (0x${tag.toString(16)}), which the protocol does not use`);
    }
  }

  #array(length: number, depth: number): unknown[] {
    this.#announce(length);
    const items = new Array<unknown>(length);
    for (let index = 0; index < length; index++) items[index] = this.value(depth + 1);
    return items;
  }

  #map(length: number, depth: number): unknown {
    this.#announce(length * 2);
    const members: Record<string, unknown> = {};
    let binary: BinaryMap | undefined;
    for (let index = 0; index < length; index++) {
      const key = this.value(depth + 1);
      const member = this.value(depth + 1);
      if (typeof key === "string") put(members, key, member);
      else if (key instanceof Uint8Array) {
        binary ??= new Map();
        binary.set(Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString("latin1"), member);
      } else throw invalid(`a map has ${keyText(key)}: keys are strings`);
    }
    if (!binary) return members;
    const special = reviveSpecial(binary);
    if (special !== undefined) return special;
    for (const [key, member] of binary) put(members, key, member);
    return members;
  }

  #string(length: number): string {
    const at = this.#skip(length);
    if (length < 24) {
      const short = this.#shortAscii(at, length);
      if (short !== undefined) return short;
    }
    const text = decodeUtf8(this.#bytes.subarray(at, at + length));
    if (text === undefined) throw invalid("a string is not UTF-8");
    return text;
  }

  // A call into the runtime costs more than it takes to read a short key here.
  #shortAscii(at: number, length: number): string | undefined {
    let text = "";
    for (let index = at; index < at + length; index++) {
      const code = this.#bytes[index]!;
      if (code >= 0x80) return undefined;
      text += String.fromCharCode(code);
    }
    return text;
  }

  #take(length: number): Uint8Array {
    const at = this.#skip(length);
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + at, length);
  }

  #uint(width: 1 | 2 | 4): number {
    const at = this.#skip(width);
    const bytes = this.#bytes;
    if (width === 1) return bytes[at]!;
    if (width === 2) return (bytes[at]! << 8) | bytes[at + 1]!;
    return bytes.readUInt32BE(at);
  }

  #skip(length: number): number {
    const at = this.#at;
    if (at + length > this.#bytes.length) throw invalid("it ends too early");
    this.#at += length;
    return at;
  }

  // Each value takes a byte at least, and is announced once: so headers that lie, even one inside the other, cannot make
  // us allocate for more values than the body has bytes.
  #announce(values: number): void {
    this.#announced += values;
    if (this.#announced > this.#bytes.length) throw invalid("it ends too early");
  }
}

function put(members: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== "__proto__") members[key] = value;
  else Object.defineProperty(members, key, { value, writable: true, enumerable: true, configurable: true });
}

function keyText(key: unknown): string {
  return typeof key === "object" && key !== null ? "an object for a key" : `the key ${key}`;
}

function shrink(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

function invalid(why: string): ChainsError {
  return new ChainsError("BODY_INVALID", `The body is not valid msgpack: ${why}.`);
}
