import { mappedStack } from "@truss-chains/rpc";

/** Causes that are followed; an error may be its own. */
const MOST_CAUSES = 8;

/** What was thrown, for a log line: its stack, and those of its causes, name the lines of the sources, not of the bundle. */
export async function withPlaces(thrown: unknown, causes = MOST_CAUSES): Promise<unknown> {
  try {
    if (!(thrown instanceof Error)) return thrown;
    const stack = await mappedStack(thrown);
    const cause = causes > 0 ? await withPlaces(thrown.cause, causes - 1) : undefined;
    return Object.create(thrown, { stack: { value: stack }, cause: { value: cause } });
  } catch {
    // What cannot be read is logged as it is.
    return thrown;
  }
}
