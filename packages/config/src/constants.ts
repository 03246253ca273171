/** Values of `python_version`. */
export const PYTHON_VERSIONS = ["py39", "py310", "py311", "py312", "py313", "py314"] as const;
export type PythonVersion = (typeof PYTHON_VERSIONS)[number];

/** Values of `model_cache[].kind`. */
export const MODEL_REPO_KINDS = ["hf", "gcs", "s3", "azure"] as const;
export type ModelRepoKind = (typeof MODEL_REPO_KINDS)[number];

/** Environment variables that the platform overwrites at run time. */
export const RESERVED_ENVIRONMENT_VARIABLES = ["HOSTNAME", "PORT"] as const;

/** Where `model_cache` entries appear in a running container. */
export const MODEL_CACHE_ROOT = "/app/model_cache";

/** Where the data directory and `external_data` appear in a running container. */
export const DATA_ROOT = "/app/data";

/** The uid the platform runs servers as when a config names none. */
export const DEFAULT_USER_ID = 60_000;
