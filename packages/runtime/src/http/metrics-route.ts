import type { Meter } from "../metrics/meter.ts";
import { toPrometheus } from "../metrics/prometheus.ts";
import { type Route, sendText } from "./routes.ts";

/** The figures, for Prometheus. */
export function metricsRoute(meter: Meter): Route {
  return {
    methods: ["GET", "HEAD"],
    async handle(_, response) {
      const { contentType, text } = await toPrometheus(meter.families());
      sendText(response, 200, contentType, text);
    },
  };
}
