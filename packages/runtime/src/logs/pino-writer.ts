import type { LineWriter } from "./logger.ts";

/** Lines of JSON on standard output, written by pino. */
export async function loadPinoWriter(chainlet: string, debug: boolean): Promise<LineWriter> {
  const { pino } = await import("pino");
  const lines = pino(
    {
      level: debug ? "debug" : "info",
      base: { chainlet },
      timestamp: false,
      formatters: { level: (level) => ({ level }) },
      serializers: { err: pino.stdSerializers.err, error: pino.stdSerializers.err },
    },
    pino.destination({ fd: 1, sync: true }),
  );
  return (level, message, fields) => lines[level](fields, message);
}
