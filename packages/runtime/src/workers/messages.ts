import type { Health } from "../lifecycle/health-check.ts";
import type { Labels, Metric } from "../metrics/meter.ts";

/** What the main thread tells a worker. Calls are known by a number. */
export type ToWorker =
  | {
      readonly kind: "call";
      readonly id: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Uint8Array | string;
    }
  /** The caller is gone, or wants no more of the stream. */
  | { readonly kind: "abort"; readonly id: number }
  /** The next piece of the stream is wanted. */
  | { readonly kind: "pull"; readonly id: number }
  | { readonly kind: "health"; readonly id: number };

/** What a worker tells the main thread. */
export type FromWorker =
  | { readonly kind: "ready" }
  | {
      readonly kind: "answer";
      readonly id: number;
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      /** Null when pieces follow. */
      readonly body: Uint8Array | string | null;
    }
  | { readonly kind: "piece"; readonly id: number; readonly bytes: Uint8Array }
  | { readonly kind: "end"; readonly id: number; readonly failed: boolean }
  | { readonly kind: "health"; readonly id: number; readonly health: Health }
  | { readonly kind: "metric"; readonly metric: Metric; readonly value: number; readonly labels: Labels };
