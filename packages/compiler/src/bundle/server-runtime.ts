import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { ChainsError } from "@truss-chains/errors";

/** The name by which chains import the SDK. */
export const SDK = "truss-chains";

/**
 * The SDK and the server that it comes with, as one CommonJS file that exports `sdk`. It is the one of the package that
 * the chain imports, not of whatever runs the build.
 *
 * @throws ChainsError `SOURCE_IMPORT_MISSING`.
 */
export async function readServerRuntime(source: string): Promise<string> {
  try {
    return await readFile(createRequire(source).resolve(`${SDK}/server-runtime`), "utf8");
  } catch (thrown) {
    throw new ChainsError("SOURCE_IMPORT_MISSING", `The package ${SDK} cannot be found from ${source}.`, {
      fix: `Install it in the chain's project: npm install ${SDK}`,
      location: { file: source },
      cause: thrown,
    });
  }
}
