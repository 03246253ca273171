import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { listTree } from "@truss-chains/compiler";
import { ChainsError } from "@truss-chains/errors";
import { type Pack, pack } from "tar-stream";
import { ignorePatterns } from "./ignore-patterns.ts";

/** An archive on disk. */
export interface Archive {
  readonly file: string;
  readonly bytes: number;
  /** Hex. The same files give the same digest, on any machine. */
  readonly sha256: string;
}

export interface PackOptions {
  /** Patterns beyond those of the ignore rules. */
  readonly leaveOut?: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/**
 * Packs the files of a directory into an uncompressed tar, as Truss does: files only, paths relative to the root.
 * Owners, times and all of the mode but the right to execute are fixed, so that the same files give the same bytes.
 * Links are followed, so that what arrives is complete. Nothing is held in memory.
 *
 * @throws ChainsError `FILE_NOT_READABLE` naming the file, `FILE_NOT_WRITABLE`.
 */
export async function packDirectory(
  root: string,
  out: string,
  { leaveOut = [], signal }: PackOptions = {},
): Promise<Archive> {
  const paths = await listTree(root, [...(await ignorePatterns(root)), ...leaveOut]);
  const tar = pack();
  const hash = createHash("sha256");
  let bytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      hash.update(chunk);
      bytes += chunk.length;
      next(null, chunk);
    },
  });
  await Promise.all([
    pipeline(tar, measure, createWriteStream(out), signal ? { signal } : {}).catch((thrown) => {
      if (signal?.aborted || thrown instanceof ChainsError) throw thrown;
      throw notWritable(out, thrown);
    }),
    addAll(tar, root, paths),
  ]);
  return { file: out, bytes, sha256: hash.digest("hex") };
}

async function addAll(tar: Pack, root: string, paths: readonly string[]): Promise<void> {
  try {
    for (const path of paths) await addFile(tar, join(root, path), path);
    tar.finalize();
  } catch (thrown) {
    tar.destroy(thrown as Error);
    throw thrown;
  }
}

async function addFile(tar: Pack, file: string, name: string): Promise<void> {
  const { size, mode } = await stat(file).catch((thrown) => Promise.reject(unreadable(file, thrown)));
  const entry = tar.entry({
    name,
    size,
    mode: mode & 0o100 ? 0o755 : 0o644,
    mtime: new Date(0),
    uid: 0,
    gid: 0,
  });
  // Up to the size that the header tells: a file that grows meanwhile must not break the archive.
  const content = size === 0 ? Readable.from([]) : createReadStream(file, { end: size - 1 });
  await pipeline(content, entry).catch((thrown) => Promise.reject(unreadable(file, thrown)));
}

function notWritable(out: string, thrown: NodeJS.ErrnoException): ChainsError {
  return new ChainsError("FILE_NOT_WRITABLE", `${out} cannot be written: ${thrown.code ?? thrown.message}.`, {
    fix: "Make room there, or name another directory for temporary files in TMPDIR.",
    location: { file: out },
    cause: thrown,
  });
}

function unreadable(file: string, thrown: NodeJS.ErrnoException): ChainsError {
  return new ChainsError("FILE_NOT_READABLE", `${file} cannot be packed: ${thrown.code ?? thrown.message}.`, {
    fix: "Make the file readable, and leave it alone during a push; or name it in .truss_ignore.",
    location: { file },
    cause: thrown,
  });
}
