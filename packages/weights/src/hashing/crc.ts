/** A checksum that is fed in pieces and gives its digest as lower-case hex. */
export interface Checksum {
  update(bytes: Uint8Array): void;
  digest(): string;
}

const SLICES = 8;

/** CRC-32C (Castagnoli), which Google and Amazon store. Eight bytes a step. */
export function crc32c(): Checksum {
  const tables = castagnoli();
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as [T, T, T, T, T, T, T, T];
  let crc = -1;
  return {
    update(bytes) {
      let c = crc;
      let i = 0;
      for (const end = bytes.length - 7; i < end; i += 8) {
        c ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
        c =
          t7[c & 255]! ^
          t6[(c >>> 8) & 255]! ^
          t5[(c >>> 16) & 255]! ^
          t4[c >>> 24]! ^
          t3[bytes[i + 4]!]! ^
          t2[bytes[i + 5]!]! ^
          t1[bytes[i + 6]!]! ^
          t0[bytes[i + 7]!]!;
      }
      for (; i < bytes.length; i++) c = (c >>> 8) ^ t0[(c ^ bytes[i]!) & 255]!;
      crc = c;
    },
    digest: () => ((crc ^ -1) >>> 0).toString(16).padStart(8, "0"),
  };
}

type T = Int32Array;
let castagnoliTables: T[] | undefined;

function castagnoli(): T[] {
  castagnoliTables ??= slices(
    Int32Array.from({ length: 256 }, (_, n) => {
      let c = n;
      for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0x82f63b78 : c >>> 1;
      return c;
    }),
  );
  return castagnoliTables;
}

function slices(first: T): T[] {
  const tables = [first];
  for (let s = 1; s < SLICES; s++) {
    const previous = tables[s - 1]!;
    tables.push(first.map((_, n) => (previous[n]! >>> 8) ^ first[previous[n]! & 255]!));
  }
  return tables;
}

/** CRC-64/NVME, the checksum that S3 gives new objects by default. Two 32-bit halves, as numbers hold no 64 bits. */
export function crc64nvme(): Checksum {
  const { low, high } = nvme();
  let lo = -1;
  let hi = -1;
  return {
    update(bytes) {
      for (let i = 0; i < bytes.length; i++) {
        const n = (lo ^ bytes[i]!) & 255;
        lo = ((lo >>> 8) | (hi << 24)) ^ low[n]!;
        hi = (hi >>> 8) ^ high[n]!;
      }
    },
    digest: () => [hi, lo].map((half) => ((half ^ -1) >>> 0).toString(16).padStart(8, "0")).join(""),
  };
}

let nvmeTables: { low: T; high: T } | undefined;

function nvme(): { low: T; high: T } {
  if (nvmeTables !== undefined) return nvmeTables;
  const low = new Int32Array(256);
  const high = new Int32Array(256);
  for (let n = 0; n < 256; n++) {
    let c = BigInt(n);
    for (let bit = 0; bit < 8; bit++) c = c & 1n ? (c >> 1n) ^ 0x9a6c9329ac4bc9b5n : c >> 1n;
    low[n] = Number(c & 0xffffffffn);
    high[n] = Number(c >> 32n);
  }
  nvmeTables = { low, high };
  return nvmeTables;
}
