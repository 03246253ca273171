import { realpath, stat } from "node:fs/promises";
import { ChainsError } from "@truss-chains/errors";
import pMap from "p-map";
import { hashFile } from "../hashing/hash-file.ts";
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

/**
 * Compares what is on disk with a manifest, byte for byte where it knows a hash. Links are followed.
 *
 * @throws ChainsError `FILE_NOT_READABLE`
 */
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
  // The shared cache is behind links.
  const target = await realpath(path).catch(() => path);
  const stats = await stat(target).catch(() => undefined);
  if (stats === undefined || !stats.isFile()) return "missing";
  if (stats.size !== size) return "wrong-size";
  if (expected === null) return "unverifiable";
  const digest = await hashFile({ path: target, size, kind: expected.kind }, hashes).catch((cause) => {
    throw new ChainsError("FILE_NOT_READABLE", `${path} cannot be read: ${cause.code ?? cause.message}.`, {
      fix: "Give this process the right to read it.",
      location: { file: path },
      cause,
    });
  });
  return digest === expected.value ? "ok" : "wrong-content";
}
