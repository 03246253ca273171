import { runInRequestScope } from "@truss-chains/rpc";
import { describe, expect, test } from "vitest";
import { createLogger, type LogFields } from "./logger.ts";

function recorded(): {
  readonly lines: [string, string, LogFields][];
  readonly logger: ReturnType<typeof createLogger>;
} {
  const lines: [string, string, LogFields][] = [];
  const logger = createLogger(
    async () => (level, message, fields) => void lines.push([level, message, fields]),
    new Set(),
  );
  return { lines, logger };
}

const scope = {
  requestId: "r1",
  chainRequestId: "c1",
  traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  tracestate: undefined,
  signal: new AbortController().signal,
  deadline: undefined,
};

describe("a server's log", () => {
  test("keeps the lines from before its writer was loaded, in order", async () => {
    const { lines, logger } = recorded();
    logger.log("info", "first");
    logger.log("warn", "second", { n: 2 });
    await logger.flush();
    logger.log("error", "third");
    expect(lines.map(([level, message]) => [level, message])).toEqual([
      ["info", "first"],
      ["warn", "second"],
      ["error", "third"],
    ]);
    expect(lines[1]![2]).toMatchObject({ n: 2, time: expect.stringMatching(/^\d{4}-/) });
  });

  test("says which request a line belongs to", async () => {
    const { lines, logger } = recorded();
    runInRequestScope(scope, () => logger.log("info", "inside"));
    logger.log("info", "outside");
    await logger.flush();
    expect(lines[0]![2]).toMatchObject({
      request_id: "r1",
      chain_request_id: "c1",
      trace_id: "0af7651916cd43dd8448eb211c80319c",
    });
    expect(lines[1]![2]).not.toHaveProperty("request_id");
  });

  test("keeps fields that are named like its own apart", async () => {
    const { lines, logger } = recorded();
    runInRequestScope(scope, () =>
      logger.log("info", "took", { time: 12, level: "hard", request_id: 7, n: 1 }),
    );
    await logger.flush();
    expect(lines[0]![2]).toEqual({
      time: expect.stringMatching(/^\d{4}-/),
      request_id: "r1",
      chain_request_id: "c1",
      trace_id: "0af7651916cd43dd8448eb211c80319c",
      n: 1,
      fields: { time: 12, level: "hard", request_id: 7 },
    });
  });

  test("has a line for whatever is logged, and nobody who logs fails", async () => {
    const lines: string[] = [];
    const logger = createLogger(
      async () => (level, message, fields) => void lines.push(JSON.stringify({ level, message, ...fields })),
      new Set(),
    );
    const refuse = () => {
      throw new Error("not to be touched");
    };
    for (const log of [() => {}, () => logger.flush()]) {
      await log();
      runInRequestScope(scope, () => logger.log("info", "one", { deep: { toJSON: refuse }, n: 1 }));
      runInRequestScope(scope, () =>
        logger.log("info", "two", Object.defineProperty({}, "a", { get: refuse, enumerable: true })),
      );
    }
    await logger.flush();
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { message: "one", request_id: "r1", n: 1 },
      { message: "two", request_id: "r1" },
      { message: "one", request_id: "r1", n: 1 },
      { message: "two", request_id: "r1" },
    ]);
  });
});
