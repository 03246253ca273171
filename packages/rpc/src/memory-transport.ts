import { ChainsError } from "@truss-chains/errors";
import {
  readWhole,
  type Transport,
  type WireHandler,
  type WireRequest,
  type WireResponse,
} from "./transport.ts";

/** The other chainlet in the same process: all of the wire but the network. */
export function createMemoryTransport(handler: WireHandler): Transport {
  return {
    call: (request) => raceAbort(request, answer(handler, request)),
    async close() {},
  };
}

async function answer(handler: WireHandler, request: WireRequest): Promise<WireResponse> {
  const body = typeof request.body === "string" ? Buffer.from(request.body) : request.body;
  const { headers, signal, whole } = request;
  // Not the cancellation: that is the caller's own.
  const response = await handler({ headers, body, signal, ...(whole !== undefined && { whole }) });
  if (whole) return { ...response, bytes: await readWhole(response) };
  return signal ? { ...response, body: untilAborted(response.body, signal) } : response;
}

function raceAbort<T>({ signal }: WireRequest, pending: Promise<T>): Promise<T> {
  if (!signal) return pending;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(aborted(signal));
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
    pending.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

/** A caller that aborts stops reading at once, even when the callee has no more to say. */
function untilAborted(pieces: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = pieces[Symbol.asyncIterator]();
      return {
        next: () => raceAbort({ signal } as WireRequest, iterator.next()),
        async return() {
          await iterator.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}

function aborted(signal: AbortSignal): ChainsError {
  return new ChainsError("CALL_ABORTED", "The call was aborted.", { cause: signal.reason });
}
