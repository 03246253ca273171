import type { RequestLog } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";
import { originOf, runInRequestScope } from "@truss-chains/rpc";
import type { Endpoint } from "../handler/endpoint.ts";
import type { ServedRequest } from "../handler/request.ts";
import { withPlaces } from "../logs/with-places.ts";
import type { Connection } from "./connection.ts";

/** What a Python chainlet says when its endpoint throws, and no more. */
const FAILED = { code: 1011, reason: "Internal server error (in model/chainlet)." };

/** Runs the endpoint of a WebSocket chainlet over one connection, and closes it with the code that tells how it ended. */
export async function serveSocket(
  chainlet: string,
  endpoint: Endpoint,
  connection: Connection,
  request: ServedRequest,
  log: RequestLog,
): Promise<void> {
  try {
    await runInRequestScope(request, () => endpoint(connection, request));
    await connection.close(1000);
  } catch (error) {
    // An endpoint that waits for a message, or for a call of its own, when its client leaves has not failed.
    const reasons = [connection.signal.reason, request.cancellation.reason];
    if (connection.signal.aborted && reasons.includes(error)) return;
    const { code, reason } = closeFor(error);
    if (code === FAILED.code) {
      const err = await withPlaces(error);
      runInRequestScope(request, () => log.error(`${chainlet}.runRemote failed.`, { err }));
    }
    await connection.close(code, reason);
  } finally {
    request.close();
  }
}

function closeFor(error: unknown): { readonly code: number; readonly reason: string } {
  // What a dependency refused, the chainlet has sent.
  if (!(error instanceof ChainsError) || originOf(error)) return FAILED;
  const isUnfit = error.code === "INPUT_INVALID" || error.code === "BODY_INVALID";
  return isUnfit ? { code: 1007, reason: error.message } : FAILED;
}
