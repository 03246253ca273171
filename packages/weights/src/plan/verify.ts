import { open, stat } from "node:fs/promises";
import pMap from "p-map";
import { LocalHashService } from "../hashing/local-hash-service.ts";
import type { Manifest } from "../manifest/pointer.ts";
import { type PlacementRoots, placedName, placeFile } from "../paths/roots.ts";
import { pinnedHash } from "../transfer/transfer-file.ts";

const FILES_AT_ONCE = 4;

export interface VerifiedFile {
  readonly file: string;
  readonly bytes: number;
  /** `unverifiable`: the size is right, and the manifest knows no hash of the content. */
  readonly state: "ok" | "missing" | "wrong-size" | "wrong-content" | "unverifiable";
}

/** Compares what is on disk with a manifest, byte for byte where it knows a hash. Links are followed. */
export async function verifyWeights(
  manifest: Manifest,
  roots: PlacementRoots,
  onFile: (file: VerifiedFile) => void = () => {},
): Promise<VerifiedFile[]> {
  const hashes = new LocalHashService();
  return pMap(
    manifest.pointers,
    async (pointer) => {
      const placement = placeFile(pointer.file_name, roots);
      const state = await check(placement.path, pointer.size, pinnedHash(pointer), hashes);
      const verified = { file: placedName(placement), bytes: pointer.size, state };
      onFile(verified);
      return verified;
    },
    { concurrency: FILES_AT_ONCE },
  );
}

async function check(
  path: string,
  size: number,
  expected: ReturnType<typeof pinnedHash>,
  hashes: LocalHashService,
): Promise<VerifiedFile["state"]> {
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined || !stats.isFile()) return "missing";
  if (stats.size !== size) return "wrong-size";
  if (expected === null) return "unverifiable";
  const handle = await open(path, "r");
  try {
    const digest = await hashes.open({ fd: handle.fd, kind: expected.kind, size }).finish();
    return digest === expected.value ? "ok" : "wrong-content";
  } finally {
    await handle.close();
  }
}
