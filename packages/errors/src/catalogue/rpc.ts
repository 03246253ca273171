import type { Catalogue } from "./entry.ts";

/** Calls between chainlets. */
export const rpc = {
  INPUT_INVALID: { title: "Input does not fit the schema", blame: "input" },
  OUTPUT_INVALID_TYPE: { title: "Output does not fit the schema", blame: "bug" },
  VALUE_NOT_SERIALIZABLE: { title: "Value cannot be sent", blame: "input" },
  DEPENDENCY_NOT_CONFIGURED: { title: "Dependency address unknown", blame: "input" },
  REMOTE_ERROR: { title: "A chainlet failed", blame: "remote" },
  HTTP_ERROR: { title: "HTTP error", blame: "remote" },
  CALL_TIMEOUT: { title: "Call timed out", blame: "remote" },
  CALL_ABORTED: { title: "Call aborted", blame: "remote" },
  CONNECTION_FAILED: { title: "Connection failed", blame: "remote" },
  RESPONSE_INVALID: { title: "Invalid response", blame: "remote" },
  STREAM_FORMAT: { title: "Invalid stream", blame: "remote" },
  API_KEY_MISSING: { title: "No API key", blame: "input" },
  NON_RETRYABLE: { title: "Failed for good", blame: "remote" },
  CONTRACT_MISMATCH: { title: "Schemas differ", blame: "remote" },
} as const satisfies Catalogue;
