import type { ServerResponse } from "node:http";
import { describe, expect, test, vi } from "vitest";
import { Outbox } from "./outbox.ts";

describe("answers of a busy server", () => {
  test("leave together, in their order, when the event loop has done its turn", async () => {
    const sent: unknown[] = [];
    const outbox = new Outbox();
    outbox.end(recording(sent), "a");
    outbox.end(recording(sent), "b");
    expect(sent).toEqual([]);
    await nextTurn();
    expect(sent).toEqual(["a", "b"]);
  });

  test("leave before the end of the turn when there are many", () => {
    const sent: unknown[] = [];
    const outbox = new Outbox();
    for (let n = 0; n < 40; n++) outbox.end(recording(sent), String(n));
    expect(sent).toHaveLength(32);
  });

  test("leave at once after a turn that something held up, until turns are short again", async () => {
    const now = vi.spyOn(performance, "now").mockReturnValue(0);
    try {
      const sent: unknown[] = [];
      const outbox = new Outbox();
      outbox.end(recording(sent), "kept up");
      now.mockReturnValue(50);
      await nextTurn();
      outbox.end(recording(sent), "at once");
      expect(sent).toEqual(["kept up", "at once"]);
      await nextTurn();
      outbox.end(recording(sent), "waits again");
      expect(sent).toHaveLength(2);
    } finally {
      now.mockRestore();
    }
  });
});

function recording(sent: unknown[]): ServerResponse {
  return { end: (body: unknown) => sent.push(body) } as unknown as ServerResponse;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
