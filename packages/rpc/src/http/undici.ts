import type { Client, Dispatcher } from "undici";

export type Undici = typeof import("undici");
export type { Client, Dispatcher };

let loading: Promise<Undici> | undefined;

/**
 * Loads the HTTP client. It takes some 40 ms, which a chainlet without dependencies should not wait for: it happens with
 * the first call, or when someone with time on their hands calls this.
 */
export function warmUp(): Promise<Undici> {
  loading ??= import("undici");
  return loading;
}
