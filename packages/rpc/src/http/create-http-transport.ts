import { isIP } from "node:net";
import { ChainsError } from "@truss-chains/errors";
import type { Transport, WireRequest, WireResponse } from "../transport.ts";
import { Connections } from "./connections.ts";
import { Exchange, type ExchangeTarget } from "./exchange.ts";
import { warmUp } from "./undici.ts";

/** Where a deployed chainlet or model answers. */
export interface ServiceAddress {
  /** Where the requests go: the address of the `run_remote` endpoint. */
  readonly url: string;
  /** The `Host` header, when it is not the host of the URL. TLS is checked against the URL all the same. */
  readonly hostHeader?: string;
}

export interface HttpTransportOptions extends ServiceAddress {
  readonly apiKey: string;
  /** Certificates of authorities to trust in place of Node's, as PEM. */
  readonly ca?: string;
}

/**
 * Calls a chainlet over HTTP/1.1. Has no time limits of its own, and opens as many connections as there are calls at a
 * time; both are the caller's to limit.
 *
 * @throws ChainsError `DEPENDENCY_NOT_CONFIGURED` when the URL is none.
 */
export function createHttpTransport({ url, hostHeader, apiKey, ca }: HttpTransportOptions): Transport {
  const { origin, pathname, search, hostname, protocol } = parseUrl(url);
  // A secret from a file mostly ends with a line break, which no header can hold.
  const fixed = ["authorization", `Api-Key ${apiKey.trim()}`];
  if (hostHeader !== undefined) fixed.push("host", hostHeader);
  // undici takes the name from the Host header, where there is one.
  const servername = protocol === "https:" && isIP(hostname) === 0 ? hostname : undefined;
  let target: ExchangeTarget | undefined;
  let closed = false;

  const connect = async (): Promise<ExchangeTarget> => {
    const undici = await warmUp();
    target ??= {
      origin,
      path: pathname + search,
      servername,
      connections: new Connections(undici, { origin, servername, ca }),
    };
    return target;
  };

  const exchange = (to: ExchangeTarget, request: WireRequest): Promise<WireResponse> =>
    new Promise((resolve, reject) => {
      const source = request.cancellation ?? request.signal;
      if (source?.aborted || closed) {
        const why = closed ? "The transport is closed." : `The call to ${origin} was aborted.`;
        reject(new ChainsError("CALL_ABORTED", why, { cause: source?.reason }));
        return;
      }
      new Exchange(to, request, flatten(fixed, request.headers), { resolve, reject }).send();
    });

  return {
    call: (request) => (target ? exchange(target, request) : connect().then((to) => exchange(to, request))),
    async close() {
      closed = true;
      await target?.connections.close();
    },
  };
}

/** Names and values in turn: what undici turns every object into. */
function flatten(fixed: readonly string[], headers: WireRequest["headers"]): string[] {
  const flat = fixed.slice();
  for (const name in headers) flat.push(name, headers[name]!);
  return flat;
}

function parseUrl(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol === "http:" || parsed?.protocol === "https:") return parsed;
  throw new ChainsError(
    "DEPENDENCY_NOT_CONFIGURED",
    `${JSON.stringify(url)} is not the address of a chainlet.`,
    {
      fix: "Give an http or https URL.",
    },
  );
}
