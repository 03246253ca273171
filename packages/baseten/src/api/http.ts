import { setTimeout as delay } from "node:timers/promises";
import { ChainsError } from "@truss-chains/errors";
import { type Dispatcher, request } from "undici";
import type { ApiKey } from "../accounts/api-key.ts";

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly url: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** In place of `body`: sent as it is, its type in the headers. */
  readonly payload?: string | Uint8Array;
  /** Whether sending it twice does no harm. Others are sent again only when they cannot have arrived. */
  readonly safe: boolean;
  /** Milliseconds without a sign of life. */
  readonly timeoutMs: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of this request; beside that of all. */
  readonly signal?: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

export interface HttpOptions {
  /** Milliseconds without a sign of life before an attempt has failed; one or two minutes by default. */
  readonly timeoutMs?: number;
  /** Milliseconds before the second attempt; each further one waits twice as long. 500 by default. */
  readonly retryDelayMs?: number;
  readonly dispatcher?: Dispatcher;
  /** Ends what does no harm when it is ended: what was sent to have an effect is waited for. */
  readonly signal?: AbortSignal | undefined;
}

const ATTEMPTS = 5;

// The connection never stood, so the other side has seen nothing.
const NEVER_ARRIVED = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Sends requests with the account's key, again where that is safe. */
export class Http {
  readonly #apiKey: ApiKey;
  readonly #userAgent: string;
  readonly #options: HttpOptions;

  constructor(apiKey: ApiKey, userAgent: string, options: HttpOptions = {}) {
    this.#apiKey = apiKey;
    this.#userAgent = userAgent;
    this.#options = options;
  }

  /**
   * The answer, whatever its status below 500 is.
   *
   * @throws ChainsError `API_FAILED` when there is none after all attempts. Its `data.arrived` is false when the
   *   request surely had no effect, else nothing is known.
   */
  async send(message: HttpRequest): Promise<HttpAnswer> {
    const { retryDelayMs = 500, signal } = this.#options;
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#attempt(message);
      if ("answer" in outcome && outcome.answer.status < 500 && outcome.answer.status !== 429)
        return outcome.answer;
      const again = message.safe || !outcome.mayHaveArrived;
      if (!again || attempt === ATTEMPTS) throw this.#failure(message, outcome, attempt);
      const wait = outcome.retryAfterMs ?? retryDelayMs * 2 ** (attempt - 1);
      await delay(wait, undefined, signal && { signal }).catch(() => {});
      if (!signal?.aborted) continue;
      if (message.safe) throw signal.reason;
      throw this.#failure(message, outcome, attempt);
    }
  }

  /** The bytes of an answer as they come, for streams. No retry. */
  async stream(message: HttpRequest): Promise<Dispatcher.ResponseData> {
    return await this.#request(message).catch((thrown: NodeJS.ErrnoException) => {
      message.signal?.throwIfAborted();
      throw this.#failure(message, { thrown, mayHaveArrived: true }, 1);
    });
  }

  #request({
    method,
    url,
    body,
    payload = body === undefined ? undefined : JSON.stringify(body),
    safe,
    timeoutMs,
    headers,
    signal: own,
  }: HttpRequest): Promise<Dispatcher.ResponseData> {
    const { dispatcher } = this.#options;
    const signals = [safe ? this.#options.signal : undefined, own].filter((signal) => signal !== undefined);
    return request(url, {
      method,
      headers: {
        ...headers,
        authorization: this.#apiKey.header,
        "user-agent": this.#userAgent,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      body: payload ?? null,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      ...(dispatcher && { dispatcher }),
      ...(signals.length > 0 && { signal: AbortSignal.any(signals) }),
    });
  }

  async #attempt(message: HttpRequest): Promise<Outcome> {
    try {
      const { statusCode, headers, body } = await this.#request({
        ...message,
        timeoutMs: this.#options.timeoutMs ?? message.timeoutMs,
      });
      const answer = { status: statusCode, text: this.#apiKey.redact(await body.text()) };
      return { answer, mayHaveArrived: statusCode !== 429, retryAfterMs: retryAfter(headers["retry-after"]) };
    } catch (thrown) {
      if (message.safe) this.#options.signal?.throwIfAborted();
      const { code = "" } = thrown as NodeJS.ErrnoException;
      return { thrown: thrown as NodeJS.ErrnoException, mayHaveArrived: !NEVER_ARRIVED.has(code) };
    }
  }

  #failure({ method, url }: HttpRequest, outcome: Outcome, attempts: number): ChainsError {
    const { origin, pathname } = new URL(url);
    const what =
      "answer" in outcome
        ? `answered ${method} ${pathname} with status ${outcome.answer.status}`
        : `gave no answer to ${method} ${pathname}: ${reason(outcome.thrown)}`;
    const tries = attempts === 1 ? "" : ` (${attempts} attempts)`;
    const message = `${origin} ${what}${tries}.`;
    return new ChainsError("API_FAILED", message, {
      fix: "Try again in a while; look at status.baseten.co, and at your connection.",
      data: { arrived: outcome.mayHaveArrived ? null : false },
      ...("thrown" in outcome && { cause: outcome.thrown }),
    });
  }
}

type Outcome = { readonly mayHaveArrived: boolean; readonly retryAfterMs?: number | undefined } & (
  | { readonly answer: HttpAnswer }
  | { readonly thrown: NodeJS.ErrnoException }
);

function reason({ code, message }: NodeJS.ErrnoException): string {
  if (code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_BODY_TIMEOUT") return "it took too long";
  return code === undefined || message.includes(code) ? message : `${message} (${code})`;
}

const LONGEST_WAIT_MS = 60_000;

function retryAfter(header: string | string[] | undefined): number | undefined {
  const seconds = Number(header);
  return header !== undefined && Number.isFinite(seconds) && seconds >= 0
    ? Math.min(seconds * 1000, LONGEST_WAIT_MS)
    : undefined;
}
