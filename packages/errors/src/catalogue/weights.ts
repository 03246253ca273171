import type { Catalogue } from "./entry.ts";

/** Weights: sources, manifests, transfer and caches. */
export const weights = {
  WEIGHTS_SOURCE_INVALID: { title: "Invalid weights source", blame: "input" },
  WEIGHTS_PATTERN_INVALID: { title: "Invalid file pattern", blame: "input" },
  WEIGHTS_CLIENT_MISSING: { title: "Cloud client not installed", blame: "input" },
  WEIGHTS_LOCKFILE_INVALID: { title: "Invalid chains.lock", blame: "input" },
  MANIFEST_INVALID: { title: "Invalid manifest", blame: "input" },
  SOURCE_UNREACHABLE: { title: "Weights source unreachable", blame: "remote" },
  SOURCE_DENIED: { title: "Access to weights denied", blame: "remote" },
  WEIGHTS_NOT_FOUND: { title: "Weights not found", blame: "input" },
  WEIGHTS_UNSAFE_PATH: { title: "Unsafe path", blame: "input" },
  WEIGHTS_CORRUPT: { title: "Weights do not match", blame: "remote" },
  WEIGHTS_DISK_FULL: { title: "Not enough disk space", blame: "input" },
  WEIGHTS_TRANSFER_FAILED: { title: "Transfer failed", blame: "remote" },
  WEIGHTS_CREDENTIALS_INVALID: { title: "Invalid credentials", blame: "input" },
  WEIGHTS_MOUNT_UNKNOWN: { title: "Unknown mount", blame: "input" },
} as const satisfies Catalogue;
