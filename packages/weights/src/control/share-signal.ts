import { setMaxListeners } from "node:events";

/** The same signal, made for many requests at a time: Node takes the eleventh listener for a leak, and warns. */
export function shareSignal(signal: AbortSignal): AbortSignal {
  setMaxListeners(0, signal);
  return signal;
}
