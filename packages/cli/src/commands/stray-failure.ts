import { ChainsError, type Location } from "@truss-chains/errors";
import { type RemoteFrame, userFrames } from "@truss-chains/rpc";

/**
 * Tells of what a chain's code fails with while nobody waits for it: a promise without an `await`, a timer's callback.
 * Node would end the process with a stack through ours.
 */
export function onStrayFailure(tell: (error: ChainsError) => void): void {
  const listener = (thrown: unknown): void => void explain(thrown).then(tell);
  process.on("unhandledRejection", listener);
  process.on("uncaughtException", listener);
}

async function explain(thrown: unknown): Promise<ChainsError> {
  const frame = (await userFrames(thrown)).at(-1);
  const text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return new ChainsError("CHAINLET_CRASHED", `Nobody caught ${text}`, {
    fix: "Await the promise that it comes from, or catch it there.",
    ...(frame && { location: placeOf(frame) }),
    cause: thrown,
  });
}

function placeOf({ filename, lineno }: RemoteFrame): Location {
  return { file: filename, ...(lineno !== null && { line: lineno }) };
}
