import type { GitInfo } from "../push/git-info.ts";

/**
 * The Truss release whose files and protocol we speak. The platform builds the image with it, so it has to be one that
 * is published.
 */
export const TRUSS_VERSION = "0.18.25";

// The platform only records these; the release above was made for them.
const PYTHON_VERSION = "3.13.0";
const PYDANTIC_VERSION = "2.11.7";

/** JSON text of `truss_user_env`. */
export function userEnvironment(gitInfo: GitInfo | null): string {
  return JSON.stringify({
    truss_client_version: TRUSS_VERSION,
    python_version: PYTHON_VERSION,
    pydantic_version: PYDANTIC_VERSION,
    mypy_version: null,
    git_info: gitInfo,
  });
}
