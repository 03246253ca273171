import type { Catalogue } from "./entry.ts";

/** Deploying to Baseten. */
export const deploy = {
  ACCOUNT_INVALID: { title: "Invalid account", blame: "input" },
  API_FAILED: { title: "The API failed", blame: "remote" },
  UPLOAD_FAILED: { title: "Upload failed", blame: "remote" },
  DEPLOY_FAILED: { title: "Deployment failed", blame: "remote" },
  DEPLOY_REJECTED: { title: "Deployment rejected", blame: "input" },
} as const satisfies Catalogue;
