import { closeSync, constants, openSync, writeSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { diskFault } from "../transfer/disk.ts";
import type { ByteRange } from "../transfer/range-set.ts";
import { bootId } from "./boot-id.ts";

/** What an earlier, interrupted transfer left of one file. */
export interface JournalEntry {
  readonly ranges: readonly ByteRange[];
  /** The origin's version that the ranges belong to, when there was nothing stronger to tell versions apart. */
  readonly etag: string | null;
  /** Whether all ranges were written since the machine started, so that they can be trusted without a hash. */
  readonly sameBoot: boolean;
}

/**
 * The list of finished ranges, in one file for all parts of a target: a line of JSON for each, appended after the
 * bytes are written. A torn last line is ignored. Appending is synchronous: a line is a few dozen bytes.
 *
 * Everything here throws ChainsError `WEIGHTS_DISK_FULL` or `FILE_NOT_WRITABLE` when it cannot be written.
 */
export class Journal {
  readonly #fd: number;

  private constructor(
    private readonly path: string,
    readonly entries: ReadonlyMap<string, JournalEntry>,
  ) {
    const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;
    this.#fd = openSync(path, O_APPEND | O_CREAT | O_NOFOLLOW | O_WRONLY, 0o644);
    // A last line that was torn ends here.
    this.#write(`\n${JSON.stringify(["boot", bootId()])}\n`);
  }

  static async open(path: string): Promise<Journal> {
    try {
      return new Journal(path, replay(await readIfThere(path)));
    } catch (error) {
      throw diskFault(error, path);
    }
  }

  finished(id: string, { start, end }: ByteRange): void {
    this.#append(["range", id, start, end]);
  }

  version(id: string, etag: string): void {
    this.#append(["etag", id, etag]);
  }

  /** Forgets a part: its bytes are worth nothing. */
  discarded(id: string): void {
    this.#append(["discard", id]);
  }

  close(): void {
    closeSync(this.#fd);
  }

  async remove(): Promise<void> {
    await rm(this.path, { force: true });
  }

  #append(line: readonly unknown[]): void {
    this.#write(`${JSON.stringify(line)}\n`);
  }

  #write(text: string): void {
    try {
      const bytes = Buffer.from(text);
      // A disk that fills up takes part of a line, and refuses the rest.
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#fd, bytes, done);
    } catch (error) {
      throw diskFault(error, this.path);
    }
  }
}

async function readIfThere(path: string): Promise<string> {
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
}

function replay(text: string): Map<string, JournalEntry> {
  const entries = new Map<string, { ranges: ByteRange[]; etag: string | null; sameBoot: boolean }>();
  const entry = (id: string) => {
    const known = entries.get(id) ?? { ranges: [], etag: null, sameBoot: true };
    entries.set(id, known);
    return known;
  };
  let boot = "";
  for (const line of text.split("\n")) {
    const record = parseLine(line);
    if (record === undefined) continue;
    const [kind, id, first, second] = record;
    if (kind === "boot") boot = String(id);
    if (typeof id !== "string") continue;
    if (kind === "discard") entries.delete(id);
    if (kind === "etag" && typeof first === "string") entry(id).etag = first;
    if (kind === "range" && isOffset(first) && isOffset(second) && first < second) {
      entry(id).ranges.push({ start: first, end: second });
      if (boot !== bootId()) entry(id).sameBoot = false;
    }
  }
  return entries;
}

function parseLine(line: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isOffset(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
