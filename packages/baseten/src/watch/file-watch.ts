import { relative } from "node:path";
import { ChainsError } from "@truss-chains/errors";
import { type FSWatcher, watch } from "chokidar";
import ignore, { type Ignore } from "ignore";
import type { BuildInputs, WatchedTree } from "./build-inputs.ts";

// Editors write a file in several steps; a burst of events is one change.
const QUIET_MS = 100;

interface FollowedTree {
  readonly key: string;
  readonly directory: string;
  readonly rules: Ignore;
}

/** Tells when any of a growing set of files and directories changes. */
export class FileWatch {
  readonly #trees: FollowedTree[] = [];
  readonly #files = new Set<string>();
  readonly #watchers: FSWatcher[] = [];
  readonly #changed = new Set<string>();
  #change = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  /** Aborted by the next change that was not taken; with the failure as its reason when watching has failed. */
  get change(): AbortSignal {
    return this.#change.signal;
  }

  /** The paths that have changed since this was asked for the last time. */
  takeChanges(): readonly string[] {
    if (this.#change.signal.reason instanceof ChainsError) throw this.#change.signal.reason;
    clearTimeout(this.#timer);
    const paths = [...this.#changed].sort();
    this.#changed.clear();
    this.#change = new AbortController();
    return paths;
  }

  /**
   * Resolves when every change of these will be noticed.
   *
   * @returns whether some of them were not watched before: they may have changed since someone has read them.
   */
  async follow({ trees, files }: BuildInputs): Promise<boolean> {
    const newTrees = trees
      .map(toFollowed)
      .filter(({ key }, index, all) => all.findIndex((other) => other.key === key) === index)
      .filter(({ key }) => !this.#trees.some((tree) => tree.key === key));
    this.#trees.push(...newTrees);
    const newFiles = files.filter((file) => !this.#files.has(file) && !this.#isInTree(file));
    for (const file of newFiles) this.#files.add(file);
    if (newTrees.length + newFiles.length === 0) return false;
    await Promise.all([
      ...newTrees.map(({ directory, rules }) =>
        this.#watch(directory, (path, isFile) => isIgnored(rules, directory, path, isFile)),
      ),
      newFiles.length > 0 ? this.#watch(newFiles, () => false) : undefined,
    ]);
    return true;
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await Promise.all(this.#watchers.map((watcher) => watcher.close()));
  }

  #isInTree(file: string): boolean {
    return this.#trees.some(({ directory, rules }) => {
      const path = relative(directory, file);
      return path !== "" && !path.startsWith("..") && !isIgnored(rules, directory, file, true);
    });
  }

  async #watch(paths: string | string[], ignored: (path: string, isFile: boolean) => boolean): Promise<void> {
    const watcher = watch(paths, {
      ignoreInitial: true,
      ignored: (path, stats) => ignored(path, stats?.isFile() === true),
    });
    this.#watchers.push(watcher);
    watcher.on("all", (_, path) => this.#onEvent(path));
    await new Promise<void>((resolve) => {
      watcher.once("ready", resolve);
      watcher.on("error", (thrown) => {
        this.#change.abort(failure(thrown as NodeJS.ErrnoException));
        resolve();
      });
    });
  }

  #onEvent(path: string): void {
    this.#changed.add(path);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#change.abort(), QUIET_MS);
  }
}

function toFollowed({ directory, ignored }: WatchedTree): FollowedTree {
  const rules = ignore({ allowRelativePaths: true }).add([...ignored]);
  return { key: JSON.stringify([directory, ignored]), directory, rules };
}

// A link to a directory is not said to be one, so that all but files are looked up as directories too.
function isIgnored(rules: Ignore, directory: string, file: string, isFile: boolean): boolean {
  const path = relative(directory, file);
  return path !== "" && (rules.ignores(path) || (!isFile && rules.ignores(`${path}/`)));
}

function failure(thrown: NodeJS.ErrnoException): ChainsError {
  const isLimit = thrown.code === "ENOSPC" || thrown.code === "EMFILE";
  return new ChainsError("WATCH_FAILED", `The chain's files cannot be watched: ${thrown.message}.`, {
    fix: isLimit
      ? "Raise the system's limit of watched files, or leave directories out with .truss_ignore."
      : "Make the chain's directories readable.",
    cause: thrown,
  });
}
