import { isMainThread } from "node:worker_threads";
import type { ChainletClass } from "@truss-chains/core";
import { ChainsError, formatLocation } from "@truss-chains/errors";
import { captureConsole } from "../logs/console.ts";
import { createLogger } from "../logs/logger.ts";
import { loadPinoWriter } from "../logs/pino-writer.ts";
import { withPlaces } from "../logs/with-places.ts";
import { serveInWorker } from "../workers/serve-in-worker.ts";
import { resolveMounts } from "./mounts.ts";
import { exit, handleFailures, handleSignals } from "./process-events.ts";
import type { ServeOptions } from "./serve-options.ts";
import { type RunningServer, type ServerWorld, startServer } from "./start-server.ts";

/**
 * Makes this process the server of one chainlet, until it is told to stop. The entry module of a built chainlet calls
 * it. A chainlet that does not start is logged, and the process exits with 1, so that the platform restarts it.
 */
export async function serveChainlet(cls: ChainletClass, { config }: ServeOptions): Promise<void> {
  const secretValues = new Set<string>();
  const logger = createLogger(
    () => loadPinoWriter(config.name, config.debugLogs, secretValues),
    secretValues,
  );
  captureConsole(logger);
  handleFailures(logger);
  try {
    const world = { config, mounts: resolveMounts(process.env), logger, secretValues };
    // The module is only loaded when there may be workers: a chainlet without them starts a millisecond sooner.
    if (config.workerThreads === 0 || isMainThread) await serveProcess(cls, world);
    else await serveInWorker(cls, world);
  } catch (error) {
    logger.log("fatal", `${config.name} did not start. ${reasonOf(error)}`, await failureFields(error));
    await exit(logger, 1);
  }
}

async function serveProcess(cls: ChainletClass, world: ServerWorld): Promise<void> {
  const { config, logger } = world;
  let server: RunningServer | undefined;
  handleSignals(logger, async (signal) => {
    logger.log("info", `${config.name} stops on ${signal}.`);
    await server?.stop();
  });
  server = await startServer(cls, world);
  logger.log("info", `${config.name} is ready on port ${server.port}.`, { port: server.port });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof ChainsError)) return "";
  const place = formatLocation(error.location);
  return [error.message, error.fix, place && `(at ${place})`].filter(Boolean).join(" ");
}

/** No stack for a user's mistake: it has a place and a remedy. */
async function failureFields(error: unknown): Promise<Record<string, unknown>> {
  if (!(error instanceof ChainsError)) return { err: await withPlaces(error) };
  const { code, fix, location, cause } = error;
  const thrown = cause instanceof Error && !(cause instanceof ChainsError);
  return {
    code,
    ...(fix !== undefined && { fix }),
    ...(location && { location }),
    ...(thrown && { err: await withPlaces(cause) }),
  };
}
