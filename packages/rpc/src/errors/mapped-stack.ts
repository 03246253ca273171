import { sourcePosition } from "./source-map-file.ts";
import { stackFrames } from "./stack-frames.ts";

/** An error's stack with the places that its author wrote, for a log: through source maps, without Node's own calls. */
export async function mappedStack(error: Error): Promise<string | undefined> {
  const frames = stackFrames(error);
  if (frames.length === 0) return error.stack;
  const calls = await Promise.all(
    frames.map(async ({ name, file, line, column }) => {
      const place = await sourcePosition(file, line, column);
      return `    at ${name} (${place.file}:${place.line})`;
    }),
  );
  return [String(error), ...calls].join("\n");
}
