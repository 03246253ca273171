import { ChainsError } from "@truss-chains/errors";
import { unwatchAbort, watchAbort } from "../call/abort-watch.ts";
import type { AbortWatcher, Cancellation } from "../call/cancellation.ts";
import type { WireRequest, WireResponse } from "../transport.ts";
import { BodyGatherer } from "./body-gatherer.ts";
import { BodyStream } from "./body-stream.ts";
import type { Connection, Connections } from "./connections.ts";
import { exchangeFailed, isHangUp } from "./failure.ts";
import type { Dispatcher } from "./undici.ts";

/**
 * A server closes a connection that lay idle for some time, and the request that was just sent on it is lost. Such a
 * request is sent again at once: the socket had been idle for this long, …
 */
const IDLE_LONG_MS = 500;
/** … and it broke this soon, before any byte of an answer. */
const BROKE_SOON_MS = 1_000;

export interface ExchangeTarget {
  readonly origin: string;
  readonly path: string;
  readonly servername: string | undefined;
  readonly connections: Connections;
}

type Settle = { resolve(response: WireResponse): void; reject(reason: unknown): void };

/** One request and its answer: a handler of undici's dispatcher, which costs less than its `request`. */
export class Exchange implements Dispatcher.DispatchHandler, AbortWatcher {
  readonly #target: ExchangeTarget;
  readonly #request: WireRequest;
  readonly #source: AbortSignal | Cancellation | undefined;
  readonly #headers: string[];
  readonly #settle: Settle;
  readonly #connection: Connection;
  #controller: Dispatcher.DispatchController | undefined;
  #sentAt = 0;
  #idleMs: number | undefined;
  #status = 0;
  #responseHeaders: Record<string, string> = {};
  #gatherer: BodyGatherer | undefined;
  #stream: BodyStream | undefined;
  #abandoned = false;

  constructor(target: ExchangeTarget, request: WireRequest, headers: string[], settle: Settle) {
    this.#target = target;
    this.#request = request;
    this.#headers = headers;
    this.#settle = settle;
    this.#connection = target.connections.take();
    this.#source = request.cancellation ?? request.signal;
    if (this.#source) watchAbort(this.#source, this);
  }

  send(): void {
    const { path, servername } = this.#target;
    this.#idleMs = this.#connection.idleMs;
    this.#sentAt = performance.now();
    // That of an earlier sending has nothing to abort any more.
    this.#controller = undefined;
    const options = {
      path,
      method: "POST" as const,
      headers: this.#headers,
      body: this.#request.body,
      servername,
    };
    this.#connection.client.dispatch(options as Dispatcher.DispatchOptions, this);
  }

  onAbort(): void {
    if (this.#controller) this.#controller.abort(this.#aborted());
    // It may never stand: nothing but this ends the wait for it.
    else this.#target.connections.discard(this.#connection, this.#aborted());
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#source?.aborted) controller.abort(this.#aborted());
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: object): void {
    // An informational answer comes before the real one.
    if (status < 200) return;
    this.#status = status;
    this.#responseHeaders = singleHeaders(headers as Record<string, string | string[]>);
    if (this.#request.whole) {
      this.#gatherer = new BodyGatherer(Number(this.#responseHeaders["content-length"] ?? Number.NaN));
      return;
    }
    this.#stream = new BodyStream({
      pause: () => controller.pause(),
      resume: () => controller.resume(),
      abandon: () => {
        this.#abandoned = true;
        controller.abort(this.#aborted());
      },
    });
    this.#settle.resolve({ status, headers: this.#responseHeaders, body: this.#stream });
  }

  onResponseData(_controller: Dispatcher.DispatchController, piece: Uint8Array): void {
    if (this.#stream) this.#stream.push(piece);
    else this.#gatherer!.add(piece);
  }

  onResponseEnd(): void {
    this.#unwatch();
    this.#target.connections.giveBack(this.#connection);
    if (this.#stream) this.#stream.end();
    else {
      const bytes = this.#gatherer!.finish();
      this.#settle.resolve({
        status: this.#status,
        headers: this.#responseHeaders,
        body: once(bytes),
        bytes,
      });
    }
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, cause: Error): void {
    if (this.#isStale(cause)) {
      this.send();
      return;
    }
    this.#unwatch();
    // Given back, it would connect again at once, for a call that nobody makes.
    this.#target.connections.discard(this.#connection);
    if (this.#abandoned) return;
    const error = cause instanceof ChainsError ? cause : exchangeFailed(this.#target.origin, cause);
    if (this.#stream) this.#stream.end(error);
    else this.#settle.reject(error);
  }

  #isStale(cause: Error): boolean {
    return (
      this.#idleMs !== undefined &&
      this.#idleMs >= IDLE_LONG_MS &&
      performance.now() - this.#sentAt < BROKE_SOON_MS &&
      this.#status === 0 &&
      isHangUp(cause) &&
      !this.#source?.aborted
    );
  }

  #unwatch(): void {
    if (this.#source) unwatchAbort(this.#source, this);
  }

  #aborted(): ChainsError {
    return new ChainsError("CALL_ABORTED", `The call to ${this.#target.origin} was aborted.`, {
      cause: this.#source?.reason,
    });
  }
}

/** Of a header that came several times the first counts, as Node's own client has it for all that we read. */
function singleHeaders(headers: Record<string, string | string[]>): Record<string, string> {
  for (const name in headers) {
    const value = headers[name]!;
    if (typeof value !== "string") headers[name] = value[0] ?? "";
  }
  return headers as Record<string, string>;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  if (bytes.byteLength > 0) yield bytes;
}
