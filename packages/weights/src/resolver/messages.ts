import { ChainsError } from "@truss-chains/errors";
import type { RunResult } from "../run/run.ts";
import type { TransferStats } from "../run/stats.ts";
import type { Settings } from "../settings.ts";
import type { TransferEvent } from "../transfer/events.ts";

/** What the resolver's thread is started with. */
export interface ResolverTask {
  readonly role: "resolver";
  readonly settings: Settings;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export type ResolverMessage =
  | { readonly type: "event"; readonly event: TransferEvent }
  | { readonly type: "resolved"; readonly result: ResolverResult }
  | { readonly type: "failed"; readonly error: PlainError };

export interface ResolverResult {
  readonly dir: string;
  readonly stats: TransferStats;
}

/** An error as it crosses threads: without its cause, which may hold anything. */
export type PlainError = Pick<ChainsError, "code" | "message" | "fix" | "location" | "data">;

export function toPlainError(error: unknown): PlainError {
  const known =
    error instanceof ChainsError ? error : new ChainsError("INTERNAL", String(error), { cause: error });
  const { code, message, fix, location, data } = known;
  return { code, message, fix, location, data };
}

export function fromPlainError({ code, message, fix, location, data }: PlainError): ChainsError {
  return new ChainsError(code, message, {
    ...(fix !== undefined && { fix }),
    ...(location !== undefined && { location }),
    data,
  });
}

export function toResult({ dir, stats }: RunResult): ResolverResult {
  return { dir, stats };
}
