import type { MessagePort } from "node:worker_threads";
import { ChainsError } from "@truss-chains/errors";
import { type Handler, isStream } from "../handler/answer.ts";
import { failureAnswer } from "../handler/failure.ts";
import type { HealthCheck } from "../lifecycle/health-check.ts";
import type { FromWorker, ToWorker } from "./messages.ts";

interface Call {
  readonly controller: AbortController;
  pieces: AsyncIterator<Uint8Array> | undefined;
}

/** Answers the calls that come through a port: the worker's end of `PortCaller`. */
export function servePort(port: MessagePort, handler: Handler, checkHealth: HealthCheck): void {
  const calls = new Map<number, Call>();
  const post = (message: FromWorker): void => port.postMessage(message);

  const call = async (message: ToWorker & { kind: "call" }): Promise<void> => {
    const { id, headers, body } = message;
    const current: Call = { controller: new AbortController(), pieces: undefined };
    calls.set(id, current);
    const { signal } = current.controller;
    const answer = await handler({ headers, body, signal }).catch(failureAnswer);
    const { status, body: answered } = answer;
    if (isStream(answered)) {
      current.pieces = answered[Symbol.asyncIterator]();
      // The caller left meanwhile: nobody else would end it.
      if (signal.aborted) await end(current.pieces);
      return post({ kind: "answer", id, status, headers: answer.headers, body: null });
    }
    calls.delete(id);
    post({ kind: "answer", id, status, headers: answer.headers, body: answered });
  };

  const pull = async (id: number): Promise<void> => {
    const pieces = calls.get(id)?.pieces;
    if (!pieces) return post({ kind: "end", id, failed: true });
    try {
      const { value, done } = await pieces.next();
      if (!done) return post({ kind: "piece", id, bytes: value });
      post({ kind: "end", id, failed: false });
    } catch {
      post({ kind: "end", id, failed: true });
    }
    calls.delete(id);
  };

  const abort = async (id: number): Promise<void> => {
    const current = calls.get(id);
    if (!current) return;
    calls.delete(id);
    current.controller.abort(new ChainsError("CALL_ABORTED", "The caller left."));
    await end(current.pieces);
  };

  port.on("message", (message: ToWorker) => {
    if (message.kind === "call") void call(message);
    else if (message.kind === "pull") void pull(message.id);
    else if (message.kind === "abort") void abort(message.id);
    else void checkHealth().then((health) => post({ kind: "health", id: message.id, health }));
  });
}

/** Ends a stream that nobody reads any more, and so nobody wants to know how that went. */
async function end(pieces: AsyncIterator<Uint8Array> | undefined): Promise<void> {
  await pieces?.return?.().catch(() => {});
}
