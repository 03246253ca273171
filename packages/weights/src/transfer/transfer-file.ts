import type { Pointer, Resolution } from "../manifest/pointer.ts";
import { type PlacementRoots, placedName, placeFile } from "../paths/roots.ts";
import type { ContentHash, WeightsFetcher } from "../sources/fetcher.ts";
import type { PointerSources } from "../sources/open.ts";

/** One file to be put in place. */
export interface TransferFile {
  /** Below `root`; the name that people see. */
  readonly name: string;
  readonly root: string;
  readonly path: string;
  readonly size: number;
  /** What the manifest calls the content; names it in caches. */
  readonly hash: string;
  /** The hash that the manifest pins; `null` when it knows only an opaque etag. */
  readonly expected: ContentHash | null;
  readonly resolution: Resolution;
  readonly fetcher: WeightsFetcher;
}

/** @throws ChainsError `WEIGHTS_UNSAFE_PATH` */
export function toTransferFile(
  pointer: Pointer,
  roots: PlacementRoots,
  sources: PointerSources,
): TransferFile {
  const placement = placeFile(pointer.file_name, roots);
  return {
    name: placedName(placement),
    root: placement.root,
    path: placement.path,
    size: pointer.size,
    hash: pointer.hash,
    expected: pinnedHash(pointer),
    resolution: pointer.resolution,
    fetcher: sources.fetcherFor(pointer),
  };
}

/** The content hash in a pointer. An `etag` means nothing without its origin, and an `md5` may be one in disguise. */
export function pinnedHash({ hashtype, hash }: Pick<Pointer, "hashtype" | "hash">): ContentHash | null {
  if (hashtype === "etag") return null;
  if (hashtype === "md5" && !/^[0-9a-f]{32}$/.test(hash)) return null;
  return { kind: hashtype, value: hash };
}
