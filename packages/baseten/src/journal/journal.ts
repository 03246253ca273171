import { createHash } from "node:crypto";
import { mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ChainsError } from "@truss-chains/errors";
import { z } from "zod";
import { replaceFile } from "../replace-file.ts";
import type { BegunUpload } from "../upload/upload-archive.ts";
import { lockPush } from "./push-lock.ts";
import { removeStaleJournals } from "./remove-stale.ts";
import { pushesDirectory } from "./state-directory.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const begun = z.object({ bucket: z.string(), key: z.string(), uploadId: z.string() });
const entries = z.object({
  version: z.literal(1),
  /** Milliseconds since 1970. */
  updated: z.number(),
  /** By display name. */
  modelNames: z.record(z.string(), z.string()),
  /** Keys of finished uploads, by digest. */
  uploaded: z.record(z.string(), z.string()),
  /** Uploads of many parts that are under way, by digest. */
  begun: z.record(z.string(), begun),
  /** Digest of what was sent to be deployed, when the answer may have been lost. */
  sent: z.string().nullable(),
});
type Entries = z.infer<typeof entries>;

/** How long what was uploaded counts as being there. Baseten does not tell. */
export const LIFETIME_MS = 60 * 60_000;

/**
 * What a push has achieved so far, on disk: so that a push that was interrupted is taken up where it was, and what it
 * may have deployed is recognised. It holds no credentials. It is gone when a push has come to its end.
 */
export class Journal implements AsyncDisposable {
  readonly file: string;
  readonly #unlock: () => Promise<void>;
  #entries: Entries;

  private constructor(file: string, unlock: () => Promise<void>, entries: Entries) {
    this.file = file;
    this.#unlock = unlock;
    this.#entries = entries;
  }

  /**
   * The journal of a push, for this process alone until it is disposed.
   *
   * @param subject What tells this push from others: account, team, chain.
   * @param chain For messages.
   * @throws ChainsError `PUSH_IN_PROGRESS`, `FILE_NOT_WRITABLE`.
   */
  static async open(subject: readonly string[], chain: string, env: Environment): Promise<Journal> {
    const directory = pushesDirectory(env);
    const name = createHash("sha256").update(JSON.stringify(subject)).digest("hex").slice(0, 32);
    const file = join(directory, `${name}.json`);
    const unlock = await mkdir(directory, { recursive: true, mode: 0o700 })
      .then(() => lockPush(`${file}.lock`, chain))
      .catch((thrown) => Promise.reject(ofDirectory(directory, thrown)));
    try {
      // What others have left behind must not keep this push from going on.
      await removeStaleJournals(directory).catch(() => {});
      return new Journal(file, unlock, (await readEntries(file)) ?? nothing());
    } catch (thrown) {
      await unlock();
      throw thrown;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#unlock();
  }

  get modelNames(): Readonly<Record<string, string>> {
    return this.#entries.modelNames;
  }

  get sent(): string | null {
    return this.#entries.sent;
  }

  uploadedKey(digest: string): string | undefined {
    return this.#entries.uploaded[digest];
  }

  begunUpload(digest: string): BegunUpload | undefined {
    return this.#entries.begun[digest];
  }

  async named(modelNames: Readonly<Record<string, string>>): Promise<void> {
    await this.#write({ ...this.#entries, modelNames: { ...modelNames } });
  }

  async began(digest: string, upload: BegunUpload | undefined): Promise<void> {
    const { [digest]: _, ...others } = this.#entries.begun;
    await this.#write({ ...this.#entries, begun: upload ? { ...others, [digest]: upload } : others });
  }

  async finished(digest: string, key: string): Promise<void> {
    await this.#write({ ...this.#entries, uploaded: { ...this.#entries.uploaded, [digest]: key } });
  }

  /** Called before the deployment is asked for: from here on, it may exist. */
  async sending(digest: string): Promise<void> {
    await this.#write({ ...this.#entries, sent: digest });
  }

  /** Forgets all: the push has come to its end, or what it had is of no use. */
  async clear(): Promise<void> {
    this.#entries = nothing();
    await rm(this.file, { force: true });
  }

  async #write(next: Entries): Promise<void> {
    this.#entries = { ...next, updated: Date.now() };
    await replaceFile(this.file, JSON.stringify(this.#entries)).catch((thrown) =>
      Promise.reject(ofDirectory(dirname(this.file), thrown)),
    );
  }
}

function ofDirectory(directory: string, thrown: NodeJS.ErrnoException): unknown {
  if (thrown instanceof ChainsError) return thrown;
  return new ChainsError(
    "FILE_NOT_WRITABLE",
    `A push keeps what it has achieved in ${directory}, which cannot be written: ${thrown.code ?? thrown.message}.`,
    {
      fix: "Make it writable, or name another place in XDG_STATE_HOME.",
      location: { file: directory },
      cause: thrown,
    },
  );
}

function nothing(): Entries {
  return { version: 1, updated: 0, modelNames: {}, uploaded: {}, begun: {}, sent: null };
}

async function readEntries(file: string): Promise<Entries | undefined> {
  const text = await readFile(file, "utf8").catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === "ENOENT") return undefined;
    throw thrown;
  });
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Not ours, or of another time: starting over costs an upload and nothing else.
    return undefined;
  }
  const parsed = entries.safeParse(value);
  if (!parsed.success) return undefined;
  const isFresh = Date.now() - parsed.data.updated < LIFETIME_MS;
  // Whether a deployment came of it must be found out however old it is.
  return isFresh ? parsed.data : { ...parsed.data, uploaded: {}, begun: {} };
}
