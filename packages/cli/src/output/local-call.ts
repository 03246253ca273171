import type { EndpointSchemas } from "@truss-chains/core";
import { exampleOf } from "./example-of.ts";

/** How a chain on this machine is called from a shell. */
export function localCall(url: string, endpoint: EndpointSchemas): string {
  if (endpoint.kind === "websocket") {
    const message = exampleOf(endpoint.receive);
    const text = typeof message === "string" ? message : JSON.stringify(message);
    return `npx wscat --connect ${url.replace(/^http/, "ws")} --wait 60 --execute ${quoted(text)}`;
  }
  const request = JSON.stringify(exampleOf(endpoint.input ?? {}));
  return `curl -X POST ${url} -H 'content-type: application/json' -d ${quoted(request)}`;
}

/** One word for a POSIX shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
