import type { Catalogue } from "./entry.ts";

/** One chainlet process. */
export const runtime = {
  STARTUP_FAILED: { title: "Chainlet did not start", blame: "input" },
  PORT_IN_USE: { title: "Port in use", blame: "input" },
  SECRET_NOT_FOUND: { title: "Secret not found", blame: "input" },
  CHAINLET_NOT_READY: { title: "Not ready", blame: "remote" },
  REQUEST_TOO_LARGE: { title: "Request too large", blame: "input" },
  OVERLOADED: { title: "Too many requests", blame: "remote" },
  BODY_INVALID: { title: "Body cannot be read", blame: "input" },
  DEADLINE_EXCEEDED: { title: "Deadline passed", blame: "remote" },
} as const satisfies Catalogue;
