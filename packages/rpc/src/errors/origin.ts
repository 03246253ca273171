import type { ChainsError } from "@truss-chains/errors";
import { RemoteError } from "./remote-error.ts";

const origins = new WeakMap<ChainsError, RemoteError>();

/** Remembers that an error stands for what a dependency answered, and was not raised here. */
export function markAsRemote(error: ChainsError, origin: RemoteError): void {
  origins.set(error, origin);
}

/** What a dependency answered, when that is what the error stands for. */
export function originOf(error: unknown): RemoteError | undefined {
  if (error instanceof RemoteError) return error;
  return typeof error === "object" && error !== null ? origins.get(error as ChainsError) : undefined;
}
