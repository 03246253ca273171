import { expect, test } from "vitest";
import { localCall } from "./local-call.ts";

const URL = "http://127.0.0.1:4000/predict";
const text = { type: "string" };

test("a call carries an input that fits", () => {
  const input = { type: "object", properties: { say: { const: "it's" } }, required: ["say"] };
  expect(localCall(URL, { kind: "unary", input, output: text })).toBe(
    `curl -X POST ${URL} -H 'content-type: application/json' -d '{"say":"it'\\''s"}'`,
  );
  expect(localCall(URL, { kind: "stream", input: null, item: text })).toContain("-d '{}'");
});

test("a WebSocket is connected to, and gets a message that fits", () => {
  expect(localCall(URL, { kind: "websocket", receive: text, send: text })).toBe(
    "npx wscat --connect ws://127.0.0.1:4000/predict --wait 60 --execute 'text'",
  );
});
