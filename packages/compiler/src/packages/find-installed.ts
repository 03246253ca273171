import { realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type InstalledPackage, readManifest } from "./installed-package.ts";

/** The package that Node would find under a name from a directory. */
export async function findInstalled(name: string, from: string): Promise<InstalledPackage | undefined> {
  for (let at = from; ; at = dirname(at)) {
    const directory = join(at, "node_modules", name);
    const manifest = await readManifest(directory);
    if (manifest?.version) {
      return { name, version: manifest.version, directory: await realpath(directory), manifest };
    }
    if (dirname(at) === at) return undefined;
  }
}
