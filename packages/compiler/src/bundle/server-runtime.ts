import { readdirSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { ChainsError } from "@truss-chains/errors";

/** The name by which chains import the SDK. */
export const SDK = "truss-chains";

/** The folder beside a server with the runtime, and the packages that it loads when it needs them. */
export const RUNTIME_FOLDER = "server-runtime";

/** The program in that folder which keeps V8's compiled form of the runtime. */
export const CODE_CACHER = "cache-code.mjs";

/**
 * The files of that folder, by their names in the data directory. They are those of the package that the chain imports,
 * not of whatever runs the build.
 *
 * @throws ChainsError `SOURCE_IMPORT_MISSING`.
 */
export function runtimeFiles(source: string): Readonly<Record<string, string>> {
  const folder = dirname(findInSdk(source, RUNTIME_FOLDER));
  const names = readdirSync(folder).sort();
  return Object.fromEntries(names.map((name) => [`${RUNTIME_FOLDER}/${name}`, join(folder, name)]));
}

/**
 * What the chainlet's code of a server imports in place of the SDK: it takes everything from the runtime beside it.
 *
 * @throws ChainsError `SOURCE_IMPORT_MISSING`.
 */
export function findServerSdk(source: string): string {
  return findInSdk(source, "server-sdk");
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
