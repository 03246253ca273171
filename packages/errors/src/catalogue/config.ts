import type { Catalogue } from "./entry.ts";

/** Reading, checking and changing config.yaml. */
export const config = {
  CONFIG_NOT_FOUND: { title: "No config.yaml", blame: "input" },
  CONFIG_SYNTAX: { title: "Not valid YAML", blame: "input" },
  CONFIG_INVALID: { title: "Invalid config", blame: "input" },
  CONFIG_DUPLICATE_KEY: { title: "Duplicate key", blame: "input" },
  CONFIG_UNKNOWN_KEY: { title: "Unknown key", blame: "input" },
  CONFIG_DEPRECATED: { title: "Deprecated setting", blame: "input" },
  CONFIG_LIMIT: { title: "Config too large", blame: "input" },
  CONFIG_AMBIGUOUS: { title: "Meaning could differ", blame: "input" },
  CONFIG_SUSPICIOUS: { title: "Probably not what is meant", blame: "input" },
  CONFIG_EDIT_IMPOSSIBLE: { title: "Cannot be edited in place", blame: "usage" },
} as const satisfies Catalogue;
