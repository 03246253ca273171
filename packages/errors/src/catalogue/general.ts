import type { Catalogue } from "./entry.ts";

/** Codes that any room may raise. */
export const general = {
  USAGE: { title: "Wrong usage", blame: "usage" },
  INPUT_NOT_JSON: { title: "Input is not JSON", blame: "input" },
  INTERNAL: { title: "Internal error", blame: "bug" },
  INTERRUPTED: { title: "Interrupted", blame: "usage" },
  FILE_NOT_FOUND: { title: "File not found", blame: "input" },
  FILE_NOT_READABLE: { title: "File cannot be read", blame: "input" },
  FILE_NOT_WRITABLE: { title: "File cannot be written", blame: "input" },
} as const satisfies Catalogue;
