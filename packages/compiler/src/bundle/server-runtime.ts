import { readdirSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { ChainsError } from "@truss-chains/errors";

/** The name by which chains import the SDK. */
export const SDK = "truss-chains";

/**
 * The SDK and the server that it comes with, as one CommonJS file that exports `sdk`. It is the one of the package that
 * the chain imports, not of whatever runs the build.
 *
 * @throws ChainsError `SOURCE_IMPORT_MISSING`.
 */
export function findServerRuntime(source: string): string {
  return findInSdk(source, "server-runtime");
}

/**
 * What the chainlet's code of a server imports in place of the SDK: it takes everything from the server runtime, which
 * is the constant `__chains_sdk` of the same file.
 *
 * @throws ChainsError `SOURCE_IMPORT_MISSING`.
 */
export function findServerSdk(source: string): string {
  return findInSdk(source, "server-sdk");
}

/** The folder beside a server with the packages that it loads when it needs them. */
export const PACKAGES_FOLDER = "server-packages";

/**
 * The files of that folder, by their names in the data directory.
 *
 * @throws ChainsError `SOURCE_IMPORT_MISSING`.
 */
export function serverPackages(source: string): Readonly<Record<string, string>> {
  const folder = join(dirname(findServerRuntime(source)), PACKAGES_FOLDER);
  const names = readdirSync(folder).sort();
  return Object.fromEntries(names.map((name) => [`${PACKAGES_FOLDER}/${name}`, join(folder, name)]));
}

function findInSdk(source: string, name: string): string {
  try {
    return realpathSync(createRequire(source).resolve(`${SDK}/${name}`));
  } catch (thrown) {
    throw new ChainsError("SOURCE_IMPORT_MISSING", `The package ${SDK} cannot be found from ${source}.`, {
      fix: `Install it in the chain's project: npm install ${SDK}`,
      location: { file: source },
      cause: thrown,
    });
  }
}
