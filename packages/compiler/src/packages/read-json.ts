import { readFile } from "node:fs/promises";
import { ChainsError } from "@truss-chains/errors";

/**
 * A file of npm's; undefined where there is none.
 *
 * @throws ChainsError `PACKAGE_VERSION_UNKNOWN` for text that is not JSON.
 */
export async function readJson<T>(file: string): Promise<T | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new ChainsError("PACKAGE_VERSION_UNKNOWN", `${file} is not JSON: ${(cause as Error).message}.`, {
      fix: "It says which packages are installed. Correct it, or have npm install write it again.",
      location: { file },
      cause,
    });
  }
}
