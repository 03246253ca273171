import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import {
  type Pointer,
  type RunResult,
  readSettings,
  runTransfer,
  type TransferEvent,
} from "@truss-chains/weights";

function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

export function random(bytes: number): Buffer {
  return randomBytes(bytes);
}

/** A manifest entry for a file of an origin; pinned to its SHA-256 unless told otherwise. */
export function pointer(
  fileName: string,
  url: string,
  content: Buffer,
  pinned: Partial<Pointer> = {},
): Pointer {
  return {
    resolution: { resolution_type: "http", url, expiration_timestamp: 4044816725 },
    uid: fileName,
    file_name: fileName,
    hashtype: "sha256",
    hash: sha256(content),
    size: content.length,
    last_modified_time: null,
    runtime_secret_name: "hf_access_token",
    ...pinned,
  };
}

export interface Fetched extends RunResult {
  readonly events: readonly TransferEvent[];
}

export interface FetchOptions {
  readonly env?: Record<string, string>;
  readonly threads?: number;
  readonly stallMs?: number;
  readonly freeBytes?: (dir: string) => Promise<number>;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: TransferEvent) => void;
}

/** Runs a transfer into `dir/target`, everything else it touches below `dir`, too. */
export async function fetchInto(
  dir: string,
  pointers: readonly Pointer[],
  { env = {}, threads = 0, stallMs, freeBytes, signal, onEvent }: FetchOptions = {},
): Promise<Fetched> {
  const events: TransferEvent[] = [];
  const settings = readSettings({
    TRUSS_TRANSFER_DOWNLOAD_DIR: join(dir, "target"),
    CHAINS_WEIGHTS_ROOT: join(dir, "model_cache"),
    CHAINS_SECRETS_DIR: join(dir, "secrets"),
    CHAINS_TRANSFER_STATS_FILE: join(dir, "stats.json"),
    ...env,
  });
  const result = await runTransfer({
    settings,
    env,
    manifests: [{ pointers, models: null }],
    onEvent: (event) => {
      events.push(event);
      onEvent?.(event);
    },
    ...(signal && { signal }),
    overrides: { threads, ...(stallMs && { stallMs }), ...(freeBytes && { freeBytes }) },
  });
  return { ...result, events };
}
