import type { LazyDataResolver } from "@truss-chains/core";
import type { MetricSample } from "@truss-chains/weights";
import type { Logger } from "../logs/logger.ts";
import { takeStartedWeights } from "./started-weights.ts";

/** The weights that are fetched while a chainlet starts. */
export interface FetchedWeights extends LazyDataResolver {
  /** Resolves when nothing more comes. Does not count as somebody who waits for the weights. */
  settled(): Promise<"nothing-to-do" | "running" | "done" | "failed">;
  /** Null until they have arrived. */
  metrics(): readonly MetricSample[] | null;
}

/** Where the fetching tells what it does. */
export interface WeightsLog {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/**
 * Starts to fetch the weights of `assets.cached`, in the background. The engine is loaded only here: most chainlets
 * cache nothing, and should not wait for its modules. In a built server it was started by the server's first import.
 */
export async function startWeights(logger: Logger): Promise<FetchedWeights> {
  const started = takeStartedWeights(logger);
  if (started) return started;
  const { startResolver } = await import("@truss-chains/weights");
  return startResolver({
    log: {
      info: (message) => logger.log("info", message),
      warn: (message) => logger.log("warn", message),
      error: (message) => logger.log("error", message),
    },
  });
}

/** @throws ChainsError whatever kept the weights from coming. */
export async function weightsArrived(weights: FetchedWeights): Promise<void> {
  if ((await weights.settled()) === "failed") await weights.blockUntilDownloadComplete();
}
