import type { Client, Dispatcher } from "undici";

/** What is used of the package: a built server has no more of it. */
export type Undici = Pick<typeof import("undici"), "Client">;
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
