import { type InstalledPackage, isNative, packageOfFile } from "../packages/installed-package.ts";

/** Which installed packages stay out of bundles. Shared by the bundles of one build, so that each is looked at once. */
export class Externals {
  readonly #native = new Map<string, Promise<boolean>>();

  /** The package of a file, if it stays outside: it is native, or one of those that are named. */
  async outside(file: string, named: ReadonlySet<string>): Promise<InstalledPackage | undefined> {
    if (!/[\\/]node_modules[\\/]/.test(file)) return undefined;
    const installed = await packageOfFile(file);
    if (!installed) return undefined;
    if (named.has(installed.name)) return installed;
    const native = this.#native.get(installed.directory) ?? isNative(installed);
    this.#native.set(installed.directory, native);
    return (await native) ? installed : undefined;
  }
}
