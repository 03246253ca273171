import { dirname, join } from "node:path";
import { readJson } from "./read-json.ts";

/** An entry of npm's package-lock.json. */
export interface LockEntry {
  readonly version?: string;
  readonly integrity?: string;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly engines?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** What the project's own lockfile knows, which the installed tree does not: hashes, and packages of other platforms. */
export class UserLockfile {
  readonly #byName = new Map<string, LockEntry[]>();

  constructor(packages: Readonly<Record<string, LockEntry>>) {
    for (const [path, entry] of Object.entries(packages)) {
      const name = path.split("node_modules/").at(-1)!;
      if (path.includes("node_modules/")) this.#byName.set(name, [...(this.#byName.get(name) ?? []), entry]);
    }
  }

  /** The nearest package-lock.json, upwards from a directory; an empty one when there is none. */
  static async find(from: string): Promise<UserLockfile> {
    for (let at = from; ; at = dirname(at)) {
      const lock = await readJson<{ packages?: Record<string, LockEntry> }>(join(at, "package-lock.json"));
      if (lock !== undefined) return new UserLockfile(lock.packages ?? {});
      if (dirname(at) === at) return new UserLockfile({});
    }
  }

  entry(name: string, version?: string): LockEntry | undefined {
    const entries = this.#byName.get(name) ?? [];
    return version === undefined ? entries[0] : entries.find((entry) => entry.version === version);
  }
}
