import { describe, expect, test } from "vitest";
import { z } from "zod";
import { Connection } from "./connection.ts";
import type { Frame, FramePort } from "./frame-port.ts";

/** A connection over a port that tells whether it reads from the network, and has frames at hand. */
function connected() {
  let deliver: (frame: Frame) => void = () => {};
  let isPaused = false;
  const port: FramePort = {
    listen: ({ onFrame }) => {
      deliver = onFrame;
    },
    send: async () => {},
    close: () => {},
    pause: () => {
      isPaused = true;
    },
    resume: () => {
      isPaused = false;
    },
  };
  const text = { schema: z.string(), jsonSchema: { type: "string" } };
  const connection = new Connection(port, {
    chainlet: "Talk",
    headers: new Headers(),
    incoming: text,
    outgoing: text,
  });
  return { connection, deliver: (frame: Frame) => deliver(frame), isPaused: () => isPaused };
}

describe("a sender that is faster than the chainlet", () => {
  test("is held back when many messages wait, until some were taken", async () => {
    const { connection, deliver, isPaused } = connected();
    for (let index = 0; index < 16; index++) deliver(`${index}`);
    expect(isPaused()).toBe(true);
    expect(await connection.receive()).toBe("0");
    expect(isPaused()).toBe(false);
  });

  test("is held back when few messages wait that are large", async () => {
    const { connection, deliver, isPaused } = connected();
    const large = "x".repeat(3 * 1024 * 1024);
    deliver(large);
    expect(isPaused()).toBe(false);
    deliver(large);
    expect(isPaused()).toBe(true);
    expect(await connection.receive()).toBe(large);
    expect(isPaused()).toBe(false);
    expect(await connection.receive()).toBe(large);
  });

  test("is held back by one message that is larger than all that may wait", async () => {
    const { connection, deliver, isPaused } = connected();
    deliver("x".repeat(5 * 1024 * 1024));
    expect(isPaused()).toBe(true);
    await connection.receive();
    expect(isPaused()).toBe(false);
  });
});
