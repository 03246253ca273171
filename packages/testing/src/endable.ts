import type { Transport } from "@truss-chains/rpc";

/** A transport whose calls can all be ended at once, from outside. */
export function endable(transport: Transport, ended: AbortSignal): Transport {
  return {
    async call(request) {
      const controller = new AbortController();
      const sources = request.signal ? [request.signal, ended] : [ended];
      const onAbort = (event: Event): void => controller.abort((event.target as AbortSignal).reason);
      const release = (): void => {
        for (const source of sources) source.removeEventListener("abort", onAbort);
      };
      for (const source of sources) {
        if (source.aborted) controller.abort(source.reason);
        source.addEventListener("abort", onAbort);
      }
      try {
        const response = await transport.call({ ...request, signal: controller.signal });
        if (request.whole) return response;
        return { ...response, body: thenRelease(response.body, release) };
      } finally {
        if (request.whole) release();
      }
    },
    close: () => transport.close(),
  };
}

async function* thenRelease(body: AsyncIterable<Uint8Array>, release: () => void): AsyncIterable<Uint8Array> {
  try {
    yield* body;
  } finally {
    release();
  }
}
