import type { Catalogue } from "./entry.ts";

/** Running a chain on this machine. */
export const local = {
  ENV_FILE_INVALID: { title: "Invalid .env file", blame: "input" },
  CHAINLET_CRASHED: { title: "Chainlet crashed", blame: "remote" },
  CHAINLET_START_TIMEOUT: { title: "Chainlet never became ready", blame: "remote" },
  INSTALL_FAILED: { title: "Installing packages failed", blame: "remote" },
} as const satisfies Catalogue;
