import { dirname } from "node:path";
import type { Location, Problem } from "@truss-chains/errors";
import { findInstalled } from "../packages/find-installed.ts";
import { findImport } from "../source/find-import.ts";
import { packageOf } from "../source/first-party.ts";

/** The problem of an import of the user's own that leads nowhere. */
export async function missingImport(specifier: string, importer: string): Promise<Problem> {
  const location = await findImport(importer, specifier);
  const name = packageOf(specifier);
  if (name === undefined) return missingPath(specifier, location);
  const installed = await findInstalled(name, dirname(importer));
  const fix = installed
    ? `${name} ${installed.version} is installed: import a path that its package.json exports.`
    : `Install it: npm install ${name}`;
  return missing(specifier, fix, location);
}

/** The problem of an import that leads nowhere, of a path or of what stands for one. */
export function missingPath(specifier: string, location: Location): Problem {
  const isPath = /^[./]/.test(specifier);
  const fix = isPath
    ? "Check the path and the file's ending."
    : "Check the path, the paths in tsconfig.json, and the imports in package.json.";
  return missing(specifier, fix, location);
}

function missing(specifier: string, fix: string, location: Location): Problem {
  return {
    code: "SOURCE_IMPORT_MISSING",
    severity: "error",
    message: `"${specifier}" cannot be found.`,
    fix,
    location,
  };
}
