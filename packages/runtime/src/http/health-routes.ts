import type { Readiness } from "../lifecycle/readiness.ts";
import { type Route, sendJson } from "./routes.ts";

const PROBE = ["GET", "HEAD"];

/** 200 as long as the process can answer at all: a dead event loop cannot. */
export const livenessRoute: Route = {
  methods: PROBE,
  handle: (_, response) => sendJson(response, 200, true),
};

/** 200 when a call would be served, 503 with the reason when not. */
export function readinessRoute(readiness: Readiness): Route {
  return {
    methods: PROBE,
    async handle(_, response) {
      const { ok, reason } = await readiness.check();
      if (ok) sendJson(response, 200, {});
      else sendJson(response, 503, { error: reason });
    },
  };
}

/** The JSON Schemas of the endpoint, and the hash that callers built against them send. */
export function schemaRoute(contract: unknown): Route {
  return { methods: PROBE, handle: (_, response) => sendJson(response, 200, contract) };
}
