import { once } from "node:events";
import { dirname, resolve } from "node:path";
import { type FSWatcher, watch } from "chokidar";

// Editors write a file in several steps; a burst of events is one change.
const QUIET_MS = 60;

/** Calls back once per burst of changes to any of the files. The set of files can change. */
export class FileWatch {
  readonly #onChange: () => void;
  #watcher: FSWatcher | undefined;
  #files = "";
  #timer: NodeJS.Timeout | undefined;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Resolves when changes to these files will be noticed, and those of files before no longer. */
  async follow(files: readonly string[]): Promise<void> {
    const key = [...files].sort().join("\0");
    if (key === this.#files) return;
    const previous = this.#watcher;
    const next = watchFiles(files);
    await once(next, "ready");
    next.on("all", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(this.#onChange, QUIET_MS);
    });
    this.#watcher = next;
    this.#files = key;
    await previous?.close();
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#watcher?.close();
  }
}

// From the directory that holds them all: one that is removed and made again takes a watch of its files along with it.
function watchFiles(files: readonly string[]): FSWatcher {
  const wanted = new Set(files.flatMap((file) => [file, ...directoriesOf(file)]));
  return watch(commonDirectory(files), {
    ignoreInitial: true,
    ignored: (path) => !wanted.has(resolve(path)),
  });
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
