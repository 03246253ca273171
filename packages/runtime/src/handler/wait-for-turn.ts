import { changedRequest, DEADLINE_HEADER, setAlarm, type WireRequest } from "@truss-chains/rpc";
import { deadlinePassed, readDeadline } from "./deadline.ts";

/**
 * Waits for the turn of a request, though no longer than its caller does.
 *
 * @returns the request, which says how much time is left now: callers do not count from when the wait is over.
 * @throws the reason for which the request was given up meanwhile; ChainsError `DEADLINE_EXCEEDED` when it took too long.
 */
export async function waitForTurn(turn: Promise<void>, request: WireRequest): Promise<WireRequest> {
  const deadline = readDeadline(request.headers);
  if (deadline === undefined) {
    await turn;
    return request;
  }
  const alarm = setAlarm(deadline - Date.now(), () => request.cancellation?.abort(deadlinePassed()));
  try {
    await turn;
  } finally {
    alarm.cancel();
  }
  const left = String(Math.max(0, deadline - Date.now()));
  return changedRequest(request, { headers: { ...request.headers, [DEADLINE_HEADER]: left } });
}
