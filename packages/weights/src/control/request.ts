import { ChainsError } from "@truss-chains/errors";
import type { Dispatcher } from "undici";
import { backoff, isRetryableStatus, MAX_ATTEMPTS, patienceFor, pause, retryAfter } from "./retry.ts";
import { redirectTarget, shownUrl } from "./url.ts";

/** Answers of the control plane are small; a listing page of the Hub is well below this. */
const MAX_BODY = 64 * 1024 * 1024;
const MAX_REDIRECTS = 10;
/** An origin that sends nothing for this long does not answer any more. */
export const TIMEOUT_MS = 30_000;

/** Origins that an answer came from: when one of them is away, it may be restarting. */
const answered = new Set<string>();

export interface ControlRequest {
  readonly url: string;
  readonly method?: "GET" | "HEAD";
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent to the first host alone. */
  readonly credentials?: Readonly<Record<string, string>>;
  /** Read no body: the headers are all that is wanted. */
  readonly discardBody?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly attempts?: number;
}

export interface ControlResponse {
  readonly status: number;
  /** Lower-case names; of several equal ones the first. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** After redirects. */
  readonly url: string;
  /** The headers of every answer in order: redirects, then the last one's. */
  readonly hops: readonly Readonly<Record<string, string>>[];
  /** Whether `credentials` may be sent to {@link url}. */
  readonly sameHost: boolean;
}

/**
 * A request of the control plane: listings, redirects, credentials. Follows redirects, waits and tries again when the
 * origin is overloaded or unreachable, only briefly when it was never reached. Any status that is not retried comes back for the caller to judge.
 *
 * @throws ChainsError `SOURCE_UNREACHABLE` when the origin cannot be reached or stays overloaded
 */
export async function controlRequest(options: ControlRequest): Promise<ControlResponse> {
  const attempts = options.attempts ?? MAX_ATTEMPTS;
  const { origin } = new URL(options.url);
  for (let attempt = 1; ; attempt++) {
    let wait: number | undefined;
    try {
      const response = await follow(options);
      answered.add(origin);
      if (!isRetryableStatus(response.status)) return response;
      if (attempt >= attempts) throw overloaded(options.url, response.status);
      wait = retryAfter(response.headers["retry-after"]);
    } catch (cause) {
      options.signal?.throwIfAborted();
      if (cause instanceof ChainsError) throw cause;
      const code = (cause as NodeJS.ErrnoException).code ?? "";
      const patience = answered.has(origin) ? attempts : Math.min(attempts, patienceFor(code));
      if (attempt >= patience || isCertificateFault(code)) throw unreachable(options.url, cause);
    }
    await pause(wait ?? backoff(attempt), options.signal);
  }
}

async function follow(options: ControlRequest): Promise<ControlResponse> {
  // Loaded late: a manifest that knows all hashes needs no control request, and start-up time counts.
  const { request: undiciRequest } = await import("undici");
  const origin = new URL(options.url).origin;
  let url = options.url;
  const hops: Record<string, string>[] = [];
  while (hops.length <= MAX_REDIRECTS) {
    const sameHost = new URL(url).origin === origin;
    const response = await undiciRequest(url, {
      method: options.method ?? "GET",
      headers: {
        "user-agent": "truss-chains",
        "accept-encoding": "identity",
        ...options.headers,
        ...(sameHost && options.credentials),
      },
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
      ...(options.signal && { signal: options.signal }),
    });
    const headers = plainHeaders(response.headers);
    hops.push(headers);
    const status = response.statusCode;
    if (status >= 300 && status < 400 && status !== 304) {
      await discard(response);
      url = redirectTarget(url, headers.location).href;
      continue;
    }
    const body =
      options.discardBody && status < 300 ? await discard(response) : await readBody(response, url);
    return { status, headers, body, url, hops, sameHost };
  }
  throw new ChainsError(
    "WEIGHTS_TRANSFER_FAILED",
    `${shownUrl(options.url)} redirects more than ${MAX_REDIRECTS} times.`,
    {
      fix: "Check the source's address.",
    },
  );
}

/** The answer to a one-byte range is one byte; an origin without ranges would send the whole file. */
async function discard(response: Dispatcher.ResponseData): Promise<string> {
  await response.body.dump({ limit: 64 * 1024 });
  return "";
}

async function readBody(response: Dispatcher.ResponseData, url: string): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY) {
      response.body.destroy();
      throw new ChainsError(
        "WEIGHTS_TRANSFER_FAILED",
        `${shownUrl(url)} answers with more than ${MAX_BODY} bytes.`,
        {
          fix: "Check the source's address.",
        },
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function plainHeaders(headers: Dispatcher.ResponseData["headers"]): Record<string, string> {
  const plain: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(headers)) {
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined) plain[name.toLowerCase()] = first;
  }
  return plain;
}

function overloaded(url: string, status: number): ChainsError {
  return new ChainsError("SOURCE_UNREACHABLE", `${shownUrl(url)} keeps answering ${status}.`, {
    fix: "Try again later.",
    data: { status },
  });
}

/** Whether the failure of a connection is about its certificate: no second attempt would change it. */
export function isCertificateFault(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS/.test(code);
}

/** The error of an origin that no answer comes from. */
export function unreachable(url: string, cause: unknown): ChainsError {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code ?? "no answer";
  const { host } = new URL(url);
  if (isCertificateFault(code)) {
    return new ChainsError(
      "SOURCE_UNREACHABLE",
      `${host} shows a certificate that is not trusted: ${code}.`,
      {
        fix: "Name its authority's certificate in NODE_EXTRA_CA_CERTS, if this host is the right one.",
        cause,
      },
    );
  }
  const reason = code === "ENOTFOUND" || code === "EAI_AGAIN" ? "its name does not resolve" : code;
  return new ChainsError("SOURCE_UNREACHABLE", `${host} cannot be reached: ${reason}.`, {
    fix: "Check the network, the address and any endpoint override such as HF_ENDPOINT.",
    cause,
  });
}
