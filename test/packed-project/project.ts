import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { packAll } from "../../.ci/pack.mjs";

const execute = promisify(execFile);

export const repository = fileURLToPath(new URL("../../", import.meta.url));

/** What a person's shell has: nothing of the test run, nor of the npm command that may have started it. */
export const env = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(npm_|VITEST|NODE_ENV|NODE_OPTIONS|TEST$|INIT_CWD)/.test(name),
  ),
);

/** A project outside of the repository that has installed the packages as they would be published. */
export class PackedProject {
  readonly directory: string;
  /** What was packed, with the paths of the files in each tarball. */
  readonly packed: readonly { readonly name: string; readonly files: readonly string[] }[];
  readonly #root: string;

  private constructor(root: string, packed: PackedProject["packed"]) {
    this.#root = root;
    this.directory = join(root, "my-chain");
    this.packed = packed;
  }

  /** Made by `chains init`; every package comes from its tarball, the others from the registry. */
  static async create(): Promise<PackedProject> {
    const root = await mkdtemp(join(tmpdir(), "chains-packed-"));
    const packed = await packAll(root);
    const project = new PackedProject(root, packed);
    const cli = join(repository, "packages/cli/dist/bin.js");
    await execute(process.execPath, [cli, "init", project.directory, "--yes", "--no-install"], { env });
    await project.run("npm", [
      "install",
      "--ignore-scripts",
      "--prefer-offline",
      "--no-audit",
      "--no-fund",
      ...packed.map(({ tarball }) => tarball),
    ]);
    return project;
  }

  /** @returns what the command printed on stdout; it rejects when the command fails. */
  async run(command: string, args: readonly string[]): Promise<string> {
    const { stdout } = await execute(command, args, { cwd: this.directory, env });
    return stdout;
  }

  /** The installed `chains`, found as npx finds it. */
  chains(...args: string[]): Promise<string> {
    return this.run("npx", ["--no", "--", "chains", ...args]);
  }

  /** A file of the project. */
  read(path: string): Promise<string> {
    return readFile(join(this.directory, path), "utf8");
  }

  /** Writes a file of the project, and the directories above it. */
  async write(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(this.directory, path)), { recursive: true });
    await writeFile(join(this.directory, path), text);
  }

  async remove(): Promise<void> {
    await rm(this.#root, { recursive: true, force: true });
  }
}
