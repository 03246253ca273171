import { changedRequest, type Transport } from "@truss-chains/rpc";

/** A signal that aborts with either of two; `release` lets go of both. Cheaper than `AbortSignal.any`, and never kept. */
export function eitherSignal(
  first: AbortSignal | undefined,
  second: AbortSignal,
): { readonly signal: AbortSignal; readonly release: () => void } {
  const controller = new AbortController();
  const sources = first ? [first, second] : [second];
  const onAbort = (event: Event): void => controller.abort((event.target as AbortSignal).reason);
  for (const source of sources) {
    if (source.aborted) controller.abort(source.reason);
    source.addEventListener("abort", onAbort);
  }
  const release = (): void => {
    for (const source of sources) source.removeEventListener("abort", onAbort);
  };
  return { signal: controller.signal, release };
}

/** A transport whose calls can all be ended at once, from outside. */
export function endable(transport: Transport, ended: AbortSignal): Transport {
  return {
    async call(request) {
      const { signal, release } = eitherSignal(request.signal, ended);
      try {
        const response = await transport.call(changedRequest(request, { signal, cancellation: undefined }));
        if (!request.whole) return { ...response, body: thenRelease(response.body, release) };
        release();
        return response;
      } catch (error) {
        release();
        throw error;
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
