import type { IncomingMessage } from "node:http";
import { ChainsError } from "@truss-chains/errors";
import { BodyGatherer, setAlarm } from "@truss-chains/rpc";

export interface BodyLimits {
  /** Largest body. */
  readonly bytes: number;
  /** Longest time without a byte. */
  readonly idleMs: number;
}

const NOTHING = new Uint8Array(0);

/**
 * The whole body of a request.
 *
 * @throws ChainsError `REQUEST_TOO_LARGE` as soon as the limit is known to be passed; `BODY_INVALID` when the body
 * stalls, or ends before it is complete.
 */
export function readBody(request: IncomingMessage, limits: BodyLimits): Promise<Uint8Array> {
  const announced = Number(request.headers["content-length"] ?? Number.NaN);
  if (announced > limits.bytes) return Promise.reject(tooLarge(limits.bytes, `announces ${announced} bytes`));
  if (announced === 0) return Promise.resolve(NOTHING);
  return new Promise((resolve, reject) => {
    const gatherer = new BodyGatherer(announced);
    const idle = setAlarm(limits.idleMs, () => fail(stalled(limits.idleMs)));
    const fail = (error: unknown): void => {
      idle.cancel();
      request.removeAllListeners("data").pause();
      reject(error);
    };
    request.on("data", (chunk: Buffer) => {
      if (gatherer.size + chunk.length > limits.bytes) return fail(tooLarge(limits.bytes, "is larger"));
      gatherer.add(chunk);
      idle.postpone(limits.idleMs);
    });
    request.on("end", () => {
      idle.cancel();
      resolve(gatherer.finish());
    });
    // Comes after an error as well, which Node only tells those who listen for it.
    request.on("close", () => {
      if (!request.complete) fail(incomplete());
    });
  });
}

function tooLarge(limit: number, what: string): ChainsError {
  return new ChainsError(
    "REQUEST_TOO_LARGE",
    `The request body may have ${limit} bytes, and this one ${what}.`,
    {
      fix: "Send less at a time, or a reference to where the data is.",
    },
  );
}

function stalled(idleMs: number): ChainsError {
  return new ChainsError(
    "BODY_INVALID",
    `No byte of the request body arrived for ${idleMs / 1000} seconds.`,
    {
      fix: "Send the whole body at once.",
    },
  );
}

function incomplete(): ChainsError {
  return new ChainsError("BODY_INVALID", "The connection ended before the request body was complete.", {
    fix: "Send as many bytes as Content-Length announces.",
  });
}
