import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import type { Answer } from "../handler/answer.ts";
import { Outbox } from "./outbox.ts";
import { writeAnswer } from "./write-answer.ts";

async function* pieces(): AsyncIterable<Uint8Array> {
  for (let piece = 0; piece < 10; piece++) yield Buffer.alloc(100_000);
}

test.each<[string, () => Answer["body"]]>([
  ["small", () => "1"],
  ["large", () => Buffer.alloc(1_000_000)],
  ["streamed", pieces],
])("a connection that is idle after a %s answer is closed in time", async (_, body) => {
  const outbox = new Outbox();
  const server = createServer({ keepAliveTimeout: 50 }, (request, response) => {
    request.resume();
    void writeAnswer(response, { status: 200, headers: {}, body: body() }, outbox);
  });
  server.listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  socket.resume().write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  await once(socket, "close");
  expect(socket.bytesRead).toBeGreaterThan(100);
});
