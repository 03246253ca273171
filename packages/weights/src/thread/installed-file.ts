import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * A file that this package's build step makes: beside the running module, where a chainlet's bundle carries a copy, else
 * in the installed package. `undefined` when it is nowhere.
 */
export function installedFile(name: string): string | undefined {
  const beside = fileURLToPath(new URL(name, import.meta.url));
  if (existsSync(beside)) return beside;
  try {
    const manifest = createRequire(import.meta.url).resolve("@truss-chains/weights/package.json");
    const installed = join(dirname(manifest), "dist", name);
    return existsSync(installed) ? installed : undefined;
  } catch {
    return undefined;
  }
}
