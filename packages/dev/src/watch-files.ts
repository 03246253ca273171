import { once } from "node:events";
import { stat } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";
import { type FSWatcher, watch } from "chokidar";

// Editors write a file in several steps; a burst of events is one change.
const QUIET_MS = 60;

/** What is followed. */
export interface Followed {
  readonly files: readonly string[];
  /** Whatever source file is or appears below them; packages and hidden folders aside. */
  readonly folders?: readonly string[];
  /** When the files were read, in milliseconds since the epoch: a change after it counts, though nobody watched yet. */
  readonly readAt: number;
}

/** Calls back once per burst of changes to any of the files. The set of files can change. */
export class FileWatch {
  readonly #onChange: () => void;
  #watcher: FSWatcher | undefined;
  #key = "";
  #closed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Resolves when changes to these files will be noticed, and those of files before no longer. */
  async follow({ files, folders = [], readAt }: Followed): Promise<void> {
    const key = JSON.stringify([[...files].sort(), [...folders].sort()]);
    if (key === this.#key || this.#closed) return;
    const previous = this.#watcher;
    const next = watchFiles(files, folders);
    await once(next, "ready");
    next.on("all", () => this.#changed());
    this.#watcher = next;
    this.#key = key;
    await previous?.close();
    if (this.#closed) await next.close();
    else if (await anyChangedSince(readAt, files)) this.#changed();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#watcher?.close();
  }

  #changed(): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    this.#timer = setTimeout(this.#onChange, QUIET_MS);
  }
}

async function anyChangedSince(time: number, files: readonly string[]): Promise<boolean> {
  const changed = files.map(async (file) => {
    const found = await stat(file).catch(() => undefined);
    return found === undefined || found.mtimeMs > time;
  });
  return (await Promise.all(changed)).includes(true);
}

// From the directory that holds them all: one that is removed and made again takes a watch of its files along with it.
function watchFiles(files: readonly string[], folders: readonly string[]): FSWatcher {
  const wanted = new Set([...files, ...folders].flatMap((path) => [path, ...directoriesOf(path)]));
  return watch(commonDirectory([...files, ...folders]), {
    ignoreInitial: true,
    ignored: (path, stats) => {
      if (wanted.has(resolve(path))) return false;
      return !folders.some((folder) => isSourceBelow(folder, path, stats?.isFile() === true));
    },
  });
}

const SOURCE = /\.(?:[cm]?[jt]sx?|json)$/;

function isSourceBelow(folder: string, path: string, isFile: boolean): boolean {
  const parts = relative(folder, resolve(path)).split(sep);
  if (parts.some((part) => part === "node_modules" || part.startsWith("."))) return false;
  return !isFile || SOURCE.test(path);
}

function commonDirectory(files: readonly string[]): string {
  const [first = [], ...others] = files.map(directoriesOf);
  return first.find((directory) => others.every((each) => each.includes(directory))) ?? process.cwd();
}

/** The directories that a file is in, its own first. */
function directoriesOf(file: string): string[] {
  const parent = dirname(file);
  return parent === file ? [] : [parent, ...directoriesOf(parent)];
}
