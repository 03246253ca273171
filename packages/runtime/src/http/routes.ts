import type { IncomingMessage, ServerResponse } from "node:http";

/** What answers at one path. */
export interface Route {
  readonly methods: readonly string[];
  /** Never rejects. */
  handle(request: IncomingMessage, response: ServerResponse): void | Promise<void>;
}

/** The few fixed paths of a chainlet: no pattern to match, so a look-up is the whole router. */
export type RouteTable = ReadonlyMap<string, Route>;

/** Hands a request to the route of its path. */
export function dispatch(routes: RouteTable, request: IncomingMessage, response: ServerResponse): void {
  const url = request.url!;
  const query = url.indexOf("?");
  const path = query === -1 ? url : url.slice(0, query);
  const route = routes.get(path);
  if (!route) {
    const known = [...routes.keys()].join(", ");
    sendJson(response, 404, { error: `There is nothing at ${path}. This server answers at ${known}.` });
  } else if (!route.methods.includes(request.method!)) {
    response.setHeader("allow", route.methods.join(", "));
    sendJson(response, 405, {
      error: `${path} takes ${route.methods.join(" and ")}, not ${request.method}.`,
    });
  } else {
    void route.handle(request, response);
  }
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  sendText(response, status, "application/json", JSON.stringify(value));
}

export function sendText(response: ServerResponse, status: number, contentType: string, text: string): void {
  response.writeHead(status, { "content-type": contentType, "content-length": Buffer.byteLength(text) });
  response.end(text);
}
