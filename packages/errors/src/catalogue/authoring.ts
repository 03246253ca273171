import type { Catalogue } from "./entry.ts";

/** The definition of chainlets and chains. */
export const authoring = {
  CHAIN_INVALID: { title: "The chain breaks the rules", blame: "input" },
  CHAINLET_NOT_DECORATED: { title: "Missing @Chainlet", blame: "input" },
  CHAINLET_NOT_A_CLASS: { title: "Not a chainlet", blame: "input" },
  CHAINLET_NAME_INVALID: { title: "Invalid name", blame: "input" },
  CHAINLET_NAME_TAKEN: { title: "Name used twice", blame: "input" },
  CHAINLET_OPTIONS_INVALID: { title: "Invalid option", blame: "input" },
  CHAINLET_TRANSPORT_MISMATCH: { title: "Transport contradicts the endpoint", blame: "input" },
  CHAINLET_INSTANTIATED: { title: "Chainlet constructed by hand", blame: "input" },
  ENDPOINT_MISSING: { title: "No endpoint", blame: "input" },
  ENDPOINT_MISPLACED: { title: "Endpoint in the wrong place", blame: "input" },
  ENDPOINT_SPEC_INVALID: { title: "Invalid endpoint", blame: "input" },
  DEPENDENCY_INVALID: { title: "Invalid dependency", blame: "input" },
  DEPENDENCY_DUPLICATE: { title: "Same dependency twice", blame: "input" },
  DEPENDENCY_CYCLE: { title: "Dependency cycle", blame: "input" },
  DEPENDENCY_WEBSOCKET: { title: "WebSocket chainlet as a dependency", blame: "input" },
  PARAMETER_NOT_INJECTED: { title: "Constructor parameter without a decorator", blame: "input" },
  HEALTH_CHECK_INVALID: { title: "Invalid isHealthy", blame: "input" },
  ENTRYPOINT_MISSING: { title: "No entrypoint", blame: "input" },
  ENTRYPOINT_AMBIGUOUS: { title: "Several entrypoints", blame: "input" },
  ENTRYPOINT_INVALID: { title: "Invalid entrypoint", blame: "input" },
} as const satisfies Catalogue;
