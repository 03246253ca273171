import type { Logger } from "../logs/logger.ts";

/** What a process that serves a chainlet does when it is told to stop, or fails. */
export interface ProcessHandlers {
  /** Finishes what is under way; the process exits when it resolves. */
  stop(signal: NodeJS.Signals): Promise<void>;
}

/**
 * Stops in good order on SIGTERM and SIGINT; a second signal ends the process at once. An error that nobody caught
 * ends it too, since what it left behind is unknown. A rejection that nobody handled is only logged: it is a call
 * that nobody waited for, and no reason to fail all the others.
 */
export function handleProcessEvents(logger: Logger, handlers: ProcessHandlers): void {
  let stopping = false;
  const onSignal = async (signal: NodeJS.Signals): Promise<void> => {
    if (stopping) process.exit(1);
    stopping = true;
    await handlers.stop(signal);
    await exit(logger, 0);
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
  process.on("uncaughtException", async (error) => {
    logger.log("fatal", "An error was not caught.", { err: error });
    await exit(logger, 1);
  });
  process.on("unhandledRejection", (error) => {
    logger.log("error", "A promise was rejected and nobody handled it.", { err: error });
  });
}

export async function exit(logger: Logger, code: number): Promise<never> {
  await logger.flush();
  process.exit(code);
}
