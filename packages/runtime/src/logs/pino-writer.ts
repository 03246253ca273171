import { blankSecrets } from "./blank-secrets.ts";
import type { LineWriter } from "./logger.ts";

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
      hooks: { streamWrite: (line) => blankSecrets(line, secrets) },
      formatters: { level: (level) => ({ level }) },
      serializers: { err: pino.stdSerializers.err, error: pino.stdSerializers.err },
    },
    pino.destination({ fd: 1, sync: true }),
  );
  return (level, message, fields) => lines[level](fields, message);
}
