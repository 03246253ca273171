import type { Logger } from "../logs/logger.ts";
import { withPlaces } from "../logs/with-places.ts";

/**
 * Stops in good order on SIGTERM and SIGINT, and exits when that is done; a second signal ends the process at once.
 *
 * @param stop finishes what is under way
 */
export function handleSignals(logger: Logger, stop: (signal: NodeJS.Signals) => Promise<void>): void {
  let stopping = false;
  const onSignal = async (signal: NodeJS.Signals): Promise<void> => {
    if (stopping) process.exit(1);
    stopping = true;
    await stop(signal);
    await exit(logger, 0);
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
}

/**
 * Logs what nobody dealt with. An error that nobody caught ends the process, or the worker thread that it happened in,
 * since what it left behind is unknown. A rejection that nobody handled is only logged: it is a call that nobody waited
 * for, and no reason to fail all the others.
 */
export function handleFailures(logger: Logger): void {
  process.on("uncaughtException", async (error) => {
    logger.log("fatal", "An error was not caught.", { err: await withPlaces(error) });
    await exit(logger, 1);
  });
  process.on("unhandledRejection", async (error) => {
    logger.log("error", "A promise was rejected and nobody handled it.", { err: await withPlaces(error) });
  });
}

/** Ends the process, or this worker thread, when its log is written. */
export async function exit(logger: Logger, code: number): Promise<never> {
  await logger.flush();
  process.exit(code);
}
