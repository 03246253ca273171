import { once } from "node:events";
import { dirname, relative, resolve, sep } from "node:path";
import { type FSWatcher, watch } from "chokidar";
import { changedSince, type Sources } from "./changed-since.ts";

// Editors write a file in several steps; a burst of events is one change.
const QUIET_MS = 60;

/** What is followed. */
export interface Followed extends Partial<Sources> {
  readonly files: readonly string[];
  /** Whatever source file is or appears below them; packages and hidden folders aside. */
  readonly folders?: readonly string[];
  /** When all of it was read, in milliseconds since the epoch: a change after it counts, though nobody watched yet. */
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
  async follow({ files, optional = [], trees = [], folders = [], readAt }: Followed): Promise<void> {
    const places = {
      files: [...files, ...optional].sort(),
      trees: [...trees].sort(),
      folders: [...folders].sort(),
    };
    const key = JSON.stringify(places);
    if (key === this.#key || this.#closed) return;
    const previous = this.#watcher;
    const next = watchPlaces(places);
    await once(next, "ready");
    next.on("all", () => this.#changed());
    this.#watcher = next;
    this.#key = key;
    await previous?.close();
    if (this.#closed) await next.close();
    else if (await changedSince(readAt, { files, optional, trees })) this.#changed();
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

type Places = Required<Pick<Followed, "files" | "trees" | "folders">>;

// From the directory that holds them all: one that is removed and made again takes a watch of its files along with it.
function watchPlaces({ files, trees, folders }: Places): FSWatcher {
  const all = [...files, ...trees, ...folders];
  const wanted = new Set(all.flatMap((path) => [path, ...directoriesOf(path)]));
  return watch(commonDirectory(all), {
    ignoreInitial: true,
    ignored: (path, stats) => {
      if (wanted.has(resolve(path)) || trees.some((tree) => isBelow(tree, path))) return false;
      return !folders.some((folder) => isSourceBelow(folder, path, stats?.isFile() === true));
    },
  });
}

function isBelow(directory: string, path: string): boolean {
  return resolve(path).startsWith(directory.endsWith(sep) ? directory : `${directory}${sep}`);
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
