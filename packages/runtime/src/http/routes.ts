import type { IncomingMessage, ServerResponse } from "node:http";

/** What answers at one path. */
export interface Route {
  readonly methods: readonly string[];
  /** Should not throw: what it throws is answered with 500. */
  handle(request: IncomingMessage, response: ServerResponse): void | Promise<void>;
}

/** The few fixed paths of a chainlet: no pattern to match, so a look-up is the whole router. */
export type RouteTable = ReadonlyMap<string, Route>;

/**
 * Hands a request to the route of its path.
 *
 * @throws what the route threw, once the request is answered with 500.
 */
export async function dispatch(
  routes: RouteTable,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = request.url!;
  const query = url.indexOf("?");
  const path = query === -1 ? url : url.slice(0, query);
  const route = routes.get(path);
  if (!route) {
    const known = [...routes.keys()].join(", ");
    return sendJson(response, 404, {
      error: `There is nothing at ${path}. This server answers at ${known}.`,
    });
  }
  if (!route.methods.includes(request.method!)) {
    response.setHeader("allow", route.methods.join(", "));
    return sendJson(response, 405, {
      error: `${path} takes ${route.methods.join(" and ")}, not ${request.method}.`,
    });
  }
  try {
    await route.handle(request, response);
  } catch (error) {
    if (response.headersSent) response.destroy();
    else sendJson(response, 500, { error: "Internal server error." });
    throw error;
  }
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  sendText(response, status, "application/json", JSON.stringify(value));
}

export function sendText(response: ServerResponse, status: number, contentType: string, text: string): void {
  response.writeHead(status, { "content-type": contentType, "content-length": Buffer.byteLength(text) });
  response.end(text);
}
