import type { Catalogue } from "./entry.ts";

/** Deploying to Baseten. */
export const deploy = {
  ACCOUNT_INVALID: { title: "Invalid account", blame: "input" },
  ACCOUNT_MISSING: { title: "No account", blame: "input" },
  API_KEY_REFUSED: { title: "API key refused", blame: "input" },
  API_FAILED: { title: "The API failed", blame: "remote" },
  API_REJECTED: { title: "Request rejected", blame: "input" },
  TEAM_UNKNOWN: { title: "Unknown team", blame: "input" },
  PUSH_IMPOSSIBLE: { title: "Not ready to push", blame: "input" },
  PUSH_IN_PROGRESS: { title: "Another push is under way", blame: "input" },
  UPLOAD_FAILED: { title: "Upload failed", blame: "remote" },
  DEPLOY_FAILED: { title: "Deployment failed", blame: "remote" },
  DEPLOY_REJECTED: { title: "Deployment rejected", blame: "input" },
  DEPLOY_UNCERTAIN: { title: "Deployment uncertain", blame: "remote" },
  CHAIN_NOT_FOUND: { title: "Chain not found", blame: "input" },
  ENVIRONMENT_NOT_FOUND: { title: "Environment not found", blame: "input" },
  CHAINLET_NOT_FOUND: { title: "Chainlet not found", blame: "input" },
  WATCH_FAILED: { title: "Cannot watch the chain", blame: "input" },
  INVOCATION_FAILED: { title: "The chain answered with an error", blame: "remote" },
} as const satisfies Catalogue;
