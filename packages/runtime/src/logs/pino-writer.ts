import type { LineWriter } from "./logger.ts";

/** Shorter values are too likely to be part of something else. */
const SHORTEST_SECRET = 6;

/**
 * Lines of JSON on standard output, written by pino.
 *
 * @param secrets values that are blanked wherever they stand in a line; may grow
 */
export async function loadPinoWriter(
  chainlet: string,
  debug: boolean,
  secrets: ReadonlySet<string>,
): Promise<LineWriter> {
  const { pino } = await import("pino");
  const lines = pino(
    {
      level: debug ? "debug" : "info",
      base: { chainlet },
      timestamp: false,
      hooks: { streamWrite: (line) => blank(line, secrets) },
      formatters: { level: (level) => ({ level }) },
      serializers: { err: pino.stdSerializers.err, error: pino.stdSerializers.err },
    },
    pino.destination({ fd: 1, sync: true }),
  );
  return (level, message, fields) => lines[level](fields, message);
}

function blank(line: string, secrets: ReadonlySet<string>): string {
  let clean = line;
  for (const secret of secrets) {
    // As it stands inside a JSON string.
    if (secret.length >= SHORTEST_SECRET)
      clean = clean.replaceAll(JSON.stringify(secret).slice(1, -1), "[hidden]");
  }
  return clean;
}
