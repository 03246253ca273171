import type { IncomingMessage, ServerResponse } from "node:http";
import { ChainsError } from "@truss-chains/errors";
import { CancellableRequest, type ErrorBody } from "@truss-chains/rpc";
import type { Handler } from "../handler/answer.ts";
import { failureAnswer } from "../handler/failure.ts";
import type { InFlight } from "./in-flight.ts";
import { Outbox } from "./outbox.ts";
import { type BodyLimits, readBody } from "./read-body.ts";
import type { Route } from "./routes.ts";
import { writeAnswer } from "./write-answer.ts";

/** How long a client may go on sending a body that was refused, before its connection is cut. */
const LINGER_MS = 5_000;

/** Serves calls over HTTP. The signal of a call aborts when its client goes away. */
export function createPredictRoute(handler: Handler, inFlight: InFlight, limits: BodyLimits): Route {
  const outbox = new Outbox();
  return {
    methods: ["POST"],
    async handle(request, response) {
      const cancellation = inFlight.open();
      let served = false;
      // A call is over when it was served and the client has the answer, or left. A shutdown waits for both.
      const release = (): void => {
        if (served && response.closed) inFlight.close(cancellation);
      };
      response.on("close", () => {
        if (!response.writableFinished) cancellation.abort(clientGone());
        release();
      });
      try {
        const body = await readBody(request, limits);
        const headers = request.headers as Record<string, string>;
        const answer = await handler(new CancellableRequest(headers, body, cancellation));
        if (inFlight.draining) response.shouldKeepAlive = false;
        const writing = writeAnswer(response, answer, outbox);
        if (writing) await writing;
      } catch (error) {
        refuse(request, response, failureAnswer(error));
      } finally {
        served = true;
        release();
      }
    },
  };
}

/**
 * Answers a request that could not be served, mostly because of a body that was not read to its end. Closing at once would
 * reset the connection while the client is still sending, and the answer would be lost with it.
 */
function refuse(request: IncomingMessage, response: ServerResponse, answer: ErrorBody): void {
  if (response.destroyed || response.headersSent) return void response.destroy();
  const { status, headers, body } = answer;
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body), connection: "close" });
  if (request.complete) return void response.end(body);
  response.write(body);
  const cut = setTimeout(() => response.destroy(), LINGER_MS);
  request.once("end", () => response.end());
  request.resume();
  response.on("close", () => clearTimeout(cut));
}

function clientGone(): ChainsError {
  return new ChainsError("CALL_ABORTED", "The caller went away before the answer was complete.");
}
