import type { MessagePort } from "node:worker_threads";
import { runTransfer } from "../run/run.ts";
import { type ResolverMessage, type ResolverTask, toPlainError, toResult } from "./messages.ts";

/** Makes the current thread fetch what the manifests name, telling the other side what happens. */
export function serveResolver(port: MessagePort, { settings, env }: ResolverTask): void {
  const post = (message: ResolverMessage) => port.postMessage(message);
  runTransfer({ settings, env, onEvent: (event) => post({ type: "event", event }) })
    .then((result) => post({ type: "resolved", result: toResult(result) }))
    .catch((error) => post({ type: "failed", error: toPlainError(error) }))
    .finally(() => port.close());
}
