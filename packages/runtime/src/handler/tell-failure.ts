import { isAbandoned } from "./abandoned.ts";
import type { HandlerOptions } from "./create-handler.ts";
import type { ServedRequest } from "./request.ts";

/** Logs what an endpoint threw. That its caller left is no failure of it, and of interest to few. */
export function tellFailure(
  { chainlet, log, onFailure }: HandlerOptions,
  { cancellation }: ServedRequest,
  error: unknown,
  what: string,
): void {
  if (isAbandoned(error, cancellation)) log.debug(`${chainlet.name}.runRemote was left by its caller.`);
  else onFailure(error, `${chainlet.name}.runRemote ${what}.`);
}
