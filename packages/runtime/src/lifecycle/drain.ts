import { ChainsError } from "@truss-chains/errors";
import type { InFlight } from "../http/in-flight.ts";
import type { HttpServer } from "../http/server.ts";
import type { Logger } from "../logs/logger.ts";
import { inTime } from "./in-time.ts";
import type { Readiness } from "./readiness.ts";

/** Aborted requests get this long to say so to their callers. */
const LAST_WORDS_MS = 500;

export interface Drained {
  readonly server: HttpServer;
  readonly readiness: Readiness;
  readonly inFlight: InFlight;
  readonly logger: Logger;
}

/**
 * Shuts a server down: new calls are answered with 503, those under way may finish for `seconds`, then their signals
 * abort, and at last their connections are cut.
 */
export async function drain(
  { server, readiness, inFlight, logger }: Drained,
  seconds: number,
): Promise<void> {
  readiness.draining();
  inFlight.draining = true;
  const finished = inFlight.idle().then(() => true);
  const isDone = await inTime(finished, seconds * 1000);
  if (!isDone) {
    logger.log(
      "warn",
      `${inFlight.size === 1 ? "A call" : `${inFlight.size} calls`} did not finish in the ${seconds} seconds that a shutdown may take.`,
    );
    inFlight.abortAll(new ChainsError("CHAINLET_NOT_READY", "The server is shutting down."));
    await inTime(finished, LAST_WORDS_MS);
  }
  const closed = server.close();
  // A connection that is still busy reads a probe's answer, or had its time.
  if (
    !isDone ||
    !(await inTime(
      closed.then(() => true),
      LAST_WORDS_MS,
    ))
  )
    server.destroy();
  await closed;
}
