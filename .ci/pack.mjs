import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Packs every published package, as it is built now, into a directory.
 *
 * @returns {Promise<{ name: string, folder: string, tarball: string, files: string[] }[]>}
 */
export async function packAll(directory) {
  const workspaces = readdirSync(join(root, "packages")).map((name) => `--workspace=packages/${name}`);
  const args = ["pack", ...workspaces, "--json", "--ignore-scripts", "--pack-destination", directory];
  const { stdout } = await promisify(execFile)("npm", args, {
    cwd: root,
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === "win32",
  });
  const packed = JSON.parse(stdout);
  return (Array.isArray(packed) ? packed : Object.values(packed)).map(({ name, filename, files }) => ({
    name,
    folder: join(root, "packages", name.replace("@truss-chains/", "")),
    tarball: join(directory, filename),
    files: files.map(({ path }) => path),
  }));
}
