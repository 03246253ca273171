import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { nameOfMine, removeAbandoned } from "./abandoned.ts";

const PREFIX = "dev";

/**
 * Where a session writes: inside of the project, so that packages that a bundle leaves outside are found as they are
 * installed, and not below `node_modules`, or errors would take the user's code for a library's. The platform, git and
 * TypeScript look away from `.cache`.
 */
export class SessionDirectory {
  readonly path: string;

  constructor(source: string) {
    const chain = createHash("sha256").update(source).digest("hex").slice(0, 12);
    this.path = join(projectOf(source), ".cache", "truss-chains", `${nameOfMine(PREFIX)}${chain}`);
  }

  async create(): Promise<void> {
    await removeAbandoned(dirname(this.path), PREFIX);
    await mkdir(this.path, { recursive: true });
    await writeFile(join(this.path, ".gitignore"), "*\n");
  }

  /** Removes it, and the directories above that are empty then. */
  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
    const shared = dirname(this.path);
    for (const directory of [shared, dirname(shared)]) {
      // In use by others, or never made.
      if (await rmdir(directory).catch(() => "kept")) return;
    }
  }
}

/** The nearest directory above with a package.json, else that of the source. */
function projectOf(source: string): string {
  for (let at = dirname(source); ; at = dirname(at)) {
    if (existsSync(join(at, "package.json"))) return at;
    if (dirname(at) === at) return dirname(source);
  }
}
