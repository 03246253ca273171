import { z } from "zod";
import type { Baseten } from "./baseten.ts";

export interface LogEntry {
  /** Nanoseconds since 1970, as text. */
  readonly timestamp: string;
  readonly message: string;
  readonly replica: string | null;
}

const logs = z.object({
  logs: z.array(
    z.object({
      timestamp: z.string().regex(/^\d{1,19}$/),
      message: z.string(),
      replica: z.string().nullish().default(null),
    }),
  ),
});

/** Log lines of a chainlet's model, the oldest first. Bounds are milliseconds since 1970. */
export async function readLogs(
  { rest }: Baseten,
  { modelId, versionId }: { readonly modelId: string; readonly versionId: string },
  { from, to }: { readonly from?: number; readonly to?: number } = {},
): Promise<readonly LogEntry[]> {
  const path = `/v1/models/${encodeURIComponent(modelId)}/deployments/${encodeURIComponent(versionId)}/logs`;
  const range = {
    ...(from !== undefined && { start_epoch_millis: from }),
    ...(to !== undefined && { end_epoch_millis: to }),
  };
  return (await rest.post(path, range, logs, { safe: true })).logs.reverse();
}
