import type { Catalogue } from "./entry.ts";

/** From source to truss directories. */
export const compile = {
  SOURCE_NOT_FOUND: { title: "Source not found", blame: "input" },
  SOURCE_SYNTAX: { title: "Source does not parse", blame: "input" },
  SOURCE_IMPORT_MISSING: { title: "Import not found", blame: "input" },
  SOURCE_THROWS: { title: "Source throws on import", blame: "input" },
  SOURCE_NO_CHAINLETS: { title: "No chainlets in the source", blame: "input" },
  BUNDLE_FAILED: { title: "Bundling failed", blame: "input" },
  PACKAGE_VERSION_UNKNOWN: { title: "Package version unknown", blame: "input" },
  PACKAGE_VERSIONS_DIFFER: { title: "Package versions differ", blame: "input" },
  OUTPUT_INVALID: { title: "Invalid output directory", blame: "input" },
  TRUSS_DIR_INVALID: { title: "Invalid truss directory", blame: "input" },
  LOCKFILE_DRIFT: { title: "Lockfile out of date", blame: "input" },
} as const satisfies Catalogue;
