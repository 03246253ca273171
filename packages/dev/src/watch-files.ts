import { watch } from "chokidar";

// Editors write a file in several steps; a burst of events is one change.
const QUIET_MS = 60;

/** Calls back once per burst of changes to any of the files. The set of files can change. */
export class FileWatch {
  readonly #watcher = watch([], { ignoreInitial: true });
  #timer: NodeJS.Timeout | undefined;

  constructor(onChange: () => void) {
    this.#watcher.on("all", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(onChange, QUIET_MS);
    });
  }

  /** Resolves when changes to these files will be noticed. */
  async follow(files: readonly string[]): Promise<void> {
    const known = new Set(
      Object.entries(this.#watcher.getWatched()).flatMap(([directory, names]) =>
        names.map((name) => `${directory}/${name}`),
      ),
    );
    this.#watcher.add(files.filter((file) => !known.has(file)));
    this.#watcher.unwatch([...known].filter((file) => !files.includes(file)));
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#watcher.close();
  }
}
