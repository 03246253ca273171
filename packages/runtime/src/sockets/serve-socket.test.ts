import type { RequestContext, WebSocketConnection } from "@truss-chains/core";
import type { ChainsError } from "@truss-chains/errors";
import { fromErrorResponse } from "@truss-chains/rpc";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { openInMemory } from "./in-memory.ts";

type Served = (socket: WebSocketConnection<unknown, unknown>, request: RequestContext) => Promise<unknown>;

/** How a socket with such an endpoint closes once a message was sent to it, and what is logged of it. */
async function closed(serve: Served): Promise<{ readonly close: unknown; readonly logged: string[] }> {
  const logged: string[] = [];
  const log = { debug() {}, info() {}, warn() {}, error: (message: string) => void logged.push(message) };
  const client = openInMemory({
    chainlet: "Talk",
    endpoint: serve as never,
    types: {
      incoming: { schema: z.string(), jsonSchema: { type: "string" } },
      outgoing: { schema: z.string(), jsonSchema: { type: "string" } },
    },
    headers: {},
    signal: new AbortController().signal,
    log,
  });
  await client.send("hello");
  const error = await client.receive().catch((reason) => reason);
  return { close: (error as ChainsError).data, logged };
}

/** What a chainlet catches when its dependency refuses what it sent. */
const refusal = () =>
  fromErrorResponse({
    dependency: "Listen",
    status: 400,
    body: Buffer.from(JSON.stringify({ error: "no such field", chains: { code: "INPUT_INVALID" } })),
    traceparent: "",
  });

describe("a WebSocket chainlet whose dependency refuses its input", () => {
  test("has failed: its client is not to blame, and its log has the reason", async () => {
    const { close, logged } = await closed(async () => {
      throw refusal();
    });
    expect(close).toEqual({ code: 1011, reason: "Internal server error (in model/chainlet)." });
    expect(logged).toEqual(["Talk.runRemote failed."]);
  });
});
