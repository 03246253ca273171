import { ChainsError } from "@truss-chains/errors";
import type { Transport } from "@truss-chains/rpc";
import type { Baseten } from "../api/baseten.ts";
import { refusedCall } from "./refused-call.ts";

// The caller has limits of its own; this only ends what has died without a word.
const SILENCE_MS = 600_000;

/** The wire to a deployed entrypoint, with the account's key. An answer of 400 or more is thrown. */
export function deployedTransport(baseten: Baseten, url: string): Transport {
  return {
    async call({ headers, body, signal }) {
      const answer = await baseten.http.stream({
        method: "POST",
        url,
        payload: body,
        safe: false,
        timeoutMs: SILENCE_MS,
        headers,
        ...(signal && { signal }),
      });
      if (answer.statusCode >= 400)
        throw refusedCall(baseten, url, answer.statusCode, await answer.body.text());
      return {
        status: answer.statusCode,
        headers: Object.fromEntries(
          Object.entries(answer.headers).map(([name, value]) => [name, String(value)]),
        ),
        body: whole(answer.body, url, signal),
      };
    },
    async close() {},
  };
}

async function* whole(
  pieces: AsyncIterable<Uint8Array>,
  url: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* pieces;
  } catch (thrown) {
    signal?.throwIfAborted();
    throw new ChainsError("CONNECTION_FAILED", `${url} broke off its answer: ${(thrown as Error).message}.`, {
      fix: "Call it again; look at the logs with chains logs.",
      cause: thrown,
    });
  }
}
