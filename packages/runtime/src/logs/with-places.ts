import { mappedStack } from "@truss-chains/rpc";

/** What was thrown, for a log line: its stack names the lines of the sources, not of the bundle. */
export async function withPlaces(thrown: unknown): Promise<unknown> {
  if (!(thrown instanceof Error)) return thrown;
  // A stack that cannot be read is logged as it is.
  const stack = await mappedStack(thrown).catch(() => thrown.stack);
  return Object.create(thrown, { stack: { value: stack } });
}
