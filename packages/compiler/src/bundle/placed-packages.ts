import { type InstalledPackage, packageOfFile } from "../packages/installed-package.ts";
import type { LinkedModule } from "./link-chain.ts";

const PLACE = /\bimport\.meta\.(?:url|dirname|filename|resolve)\b/;
// Code for bundlers and for none: what does without an answer needs none.
const GUARDED = /typeof (import\.meta\.\w+) !== "undefined" \? \1\b/g;

/**
 * The packages that ask where they are, to read files of theirs or to start them as threads. In a bundle the answer
 * would be the place of the server, where those files are not.
 */
export async function placedPackages(modules: Iterable<LinkedModule>): Promise<InstalledPackage[]> {
  const found = new Map<string, InstalledPackage>();
  for (const { file, code } of modules) {
    if (!/[\\/]node_modules[\\/]/.test(file) || !PLACE.test(code.replace(GUARDED, ""))) continue;
    const installed = await packageOfFile(file);
    if (installed) found.set(installed.directory, installed);
  }
  return [...found.values()];
}
