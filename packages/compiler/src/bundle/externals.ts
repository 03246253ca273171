import { isBuiltin } from "node:module";
import type { Plugin } from "rolldown";
import { type InstalledPackage, isNative, packageOfFile } from "../packages/installed-package.ts";
import { isFirstParty, packageOf } from "../source/first-party.ts";
import type { Faults } from "./faults.ts";

/** Which installed packages stay out of bundles. Shared by the bundles of one build, so that each is looked at once. */
export class Externals {
  readonly #native = new Map<string, Promise<boolean>>();

  /**
   * Keeps native packages, and those that the chainlet names, as imports.
   *
   * @param found receives the packages that stay outside.
   * @param faults receives the imports that lead nowhere.
   */
  plugin(named: ReadonlySet<string>, found: Map<string, InstalledPackage>, faults: Faults): Plugin {
    const decide = this.#decide.bind(this);
    return {
      name: "native-packages-outside",
      resolveId: {
        filter: { id: /^[^./\0]/ },
        async handler(specifier, importer, { kind }) {
          const name = packageOf(specifier);
          if (!importer || name === undefined || isBuiltin(specifier)) return null;
          const resolved = await this.resolve(specifier, importer, { kind, skipSelf: true });
          if (!resolved || resolved.external) {
            // Installed packages import optional ones that may be absent; they handle that themselves.
            if (!isFirstParty(importer)) return { id: specifier, external: true };
            await faults.missing(specifier, importer);
            return { id: specifier, external: true };
          }
          const installed = await decide(resolved.id, named);
          if (!installed) return resolved;
          found.set(installed.name, installed);
          return { id: specifier, external: true };
        },
      },
    };
  }

  async #decide(file: string, named: ReadonlySet<string>): Promise<InstalledPackage | undefined> {
    if (!/[\\/]node_modules[\\/]/.test(file)) return undefined;
    const installed = await packageOfFile(file);
    if (!installed) return undefined;
    if (named.has(installed.name)) return installed;
    const native = this.#native.get(installed.directory) ?? isNative(installed);
    this.#native.set(installed.directory, native);
    return (await native) ? installed : undefined;
  }
}
