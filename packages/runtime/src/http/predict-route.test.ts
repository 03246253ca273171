import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { InFlight } from "./in-flight.ts";
import { createPredictRoute } from "./predict-route.ts";

const LIMITS = { bytes: 100, idleMs: 60_000 };

/** What a client reads until its connection ends. */
async function answerTo(request: string, handler: Parameters<typeof createPredictRoute>[0]): Promise<string> {
  const route = createPredictRoute(handler, new InFlight(), LIMITS);
  const server = createServer((incoming, response) => void route.handle(incoming, response));
  server.listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  socket.write(request);
  return text(socket);
}

const head = (length: number) => `POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n`;
const fails = async (): Promise<never> => {
  throw new Error("broken");
};

// Well below the time that a client has to finish a body that was refused.
const AT_ONCE = { timeout: 3_000 };

test("a handler that breaks ends its connection with an answer, at once", AT_ONCE, async () => {
  const answer = await answerTo(`${head(2)}{}`, fails);
  expect(answer).toMatch(/^HTTP\/1\.1 500 /);
  expect(answer).toContain("connection: close");
});

test(
  "a body that is refused is answered, and read to its end before the connection ends",
  AT_ONCE,
  async () => {
    const answer = await answerTo(`${head(101)}${"x".repeat(101)}`, fails);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  },
);
