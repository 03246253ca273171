import { setTimeout as sleep } from "node:timers/promises";
import type { ChainletClass } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";
import {
  changedRequest,
  HttpError,
  type Transport,
  toErrorBody,
  type WireRequest,
  type WireResponse,
} from "@truss-chains/rpc";

/** What goes wrong with the calls of a chainlet. */
export interface FaultPlan {
  /** Every attempt takes this much longer. */
  readonly delayMs?: number;
  /** This many attempts fail; the ones after them go through. `Infinity` for all. */
  readonly failTimes?: number;
  /** What they fail with: an HTTP status (503 by default), or `"connection"` for one that breaks before an answer. */
  readonly failWith?: number | "connection";
  /** The stream, or the answer, breaks off after this many bytes. */
  readonly cutAfterBytes?: number;
}

/** A chainlet class, and what goes wrong with calls to it. */
export type Fault = readonly [chainlet: ChainletClass<any>, plan: FaultPlan];

/** A transport on which things go wrong as planned; retries, timeouts and errors above it are the real ones. */
export function faultyTransport(transport: Transport, plan: FaultPlan): Transport {
  const { delayMs = 0, failTimes = 0, failWith = 503, cutAfterBytes } = plan;
  let left = failTimes;
  return {
    async call(request) {
      if (delayMs > 0) await delay(delayMs, request);
      if (left > 0) {
        left--;
        return failedAnswer(failWith);
      }
      const response = await transport.call(
        cutAfterBytes === undefined ? request : changedRequest(request, { whole: false }),
      );
      if (cutAfterBytes === undefined) return response;
      const body = cut(response.body, cutAfterBytes);
      if (!request.whole) return { ...response, body };
      for await (const _ of body) {
        // Read to the point where it breaks.
      }
      return response;
    },
    close: () => transport.close(),
  };
}

async function delay(ms: number, { signal }: WireRequest): Promise<void> {
  try {
    await sleep(ms, undefined, signal ? { signal } : {});
  } catch {
    throw new ChainsError("CALL_ABORTED", "The call was aborted.", { cause: signal?.reason });
  }
}

function failedAnswer(failWith: number | "connection"): WireResponse {
  if (failWith === "connection")
    throw new ChainsError("CONNECTION_FAILED", "The connection broke, as the test wants.");
  const { status, headers, body } = toErrorBody(
    new HttpError(failWith, "The call failed, as the test wants."),
  );
  const bytes = Buffer.from(body);
  return { status, headers, bytes, body: once(bytes) };
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

async function* cut(body: AsyncIterable<Uint8Array>, bytes: number): AsyncIterable<Uint8Array> {
  let left = bytes;
  for await (const piece of body) {
    if (piece.byteLength > left) {
      if (left > 0) yield piece.subarray(0, left);
      throw new ChainsError(
        "CONNECTION_FAILED",
        `The connection broke after ${bytes} bytes, as the test wants.`,
      );
    }
    left -= piece.byteLength;
    yield piece;
  }
}
