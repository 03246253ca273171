import { readFile } from "node:fs/promises";
import type { Location } from "@truss-chains/errors";
import { parseModule } from "./parse-module.ts";
import { placeIn } from "./place.ts";
import { walk } from "./walk.ts";

/** Where a module imports a specifier, by any kind of import or re-export. */
export async function findImport(file: string, specifier: string): Promise<Location> {
  const code = await readFile(file, "utf8");
  let place: { line: number; column: number } | undefined;
  walk(parseModule(file, code), (node) => {
    if (place || node.source?.value !== specifier) return;
    place = placeIn(code, node.source.start);
  });
  return { file, ...place };
}
