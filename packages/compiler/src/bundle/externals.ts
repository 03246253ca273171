import { type InstalledPackage, isNative, packageOfFile } from "../packages/installed-package.ts";

/** Which installed packages stay out of bundles. Shared by the bundles of one build, so that each is looked at once. */
export class Externals {
  readonly #outside = new Map<string, Promise<boolean>>();
  readonly #added = new Set<string>();

  /** The package of a file, if it stays outside: it is native, one of those that are named, or was added. */
  async outside(file: string, named: ReadonlySet<string>): Promise<InstalledPackage | undefined> {
    if (!/[\\/]node_modules[\\/]/.test(file)) return undefined;
    const installed = await packageOfFile(file);
    if (!installed) return undefined;
    if (named.has(installed.name)) return installed;
    const stays = this.#outside.get(installed.directory) ?? isNative(installed);
    this.#outside.set(installed.directory, stays);
    return (await stays) ? installed : undefined;
  }

  /** Has a package stay outside from now on. Returns whether that is new. */
  add({ directory }: InstalledPackage): boolean {
    if (this.#added.has(directory)) return false;
    this.#added.add(directory);
    this.#outside.set(directory, Promise.resolve(true));
    return true;
  }
}
