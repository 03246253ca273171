import type { Problem } from "@truss-chains/errors";

/** The problem of an import that leads nowhere. */
export function missingImport(specifier: string, location: Problem["location"] & object): Problem {
  const isPath = /^[./]/.test(specifier);
  return {
    code: "SOURCE_IMPORT_MISSING",
    severity: "error",
    message: `"${specifier}" cannot be found.`,
    fix: isPath ? "Check the path and the file's ending." : `Install it: npm install ${specifier}`,
    location,
  };
}
