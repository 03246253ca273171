/** GPU types that `resources.accelerator` may name, in the order in which Truss lists them. */
export const ACCELERATORS = [
  "B10",
  "T4",
  "L4",
  "A10G",
  "V100",
  "A100",
  "A100_40GB",
  "H100",
  "H200",
  "H100_40GB",
  "B200",
  "L40S",
  "RTX_PRO_6000",
  "B300",
  "GB300",
] as const;
export type Accelerator = (typeof ACCELERATORS)[number];

/** Values of `python_version`. */
export const PYTHON_VERSIONS = ["py39", "py310", "py311", "py312", "py313", "py314"] as const;
export type PythonVersion = (typeof PYTHON_VERSIONS)[number];

/** Schemes of `weights[].source`, without `://`. */
export const WEIGHTS_SCHEMES = ["azure", "cw", "gs", "hf", "https", "r2", "s3"] as const;
export type WeightsScheme = (typeof WEIGHTS_SCHEMES)[number];

/** Values of `model_cache[].kind`. */
export const MODEL_REPO_KINDS = ["hf", "gcs", "s3", "azure"] as const;
export type ModelRepoKind = (typeof MODEL_REPO_KINDS)[number];

/** Units of `resources.memory` and how many bytes each one is. */
export const MEMORY_UNITS = {
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
} as const;

/** Environment variables that the platform overwrites at run time. */
export const RESERVED_ENVIRONMENT_VARIABLES = ["HOSTNAME", "PORT"] as const;

/** Where `model_cache` entries appear in a running container. */
export const MODEL_CACHE_ROOT = "/app/model_cache";

/** Where the data directory and `external_data` appear in a running container. */
export const DATA_ROOT = "/app/data";

/** The uid the platform runs servers as when a config names none. */
export const DEFAULT_USER_ID = 60_000;
