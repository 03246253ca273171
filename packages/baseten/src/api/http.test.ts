import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { ApiKey } from "../accounts/api-key.ts";
import { Http } from "./http.ts";

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((done) => (server ? server.close(done) : done(undefined)));
  server = undefined;
});

async function serving(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  server = createServer(answer);
  await new Promise<void>((done) => server!.listen(0, "127.0.0.1", done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const http = new Http(new ApiKey("s3cr3t"), "test", { retryDelayMs: 1 });
const ask = (url: string, safe: boolean, timeoutMs = 10_000) =>
  http.send({ method: "POST", url, body: {}, safe, timeoutMs });

describe("a request", () => {
  it("that may be repeated is, until there is an answer", async () => {
    let count = 0;
    const url = await serving((_, response) => {
      count += 1;
      response.writeHead(count < 4 ? 503 : 200).end("done");
    });
    expect(await ask(url, true)).toEqual({ status: 200, text: "done" });
    expect(count).toBe(4);
  });

  it("that must not be repeated is sent once, and nobody knows whether it arrived", async () => {
    let count = 0;
    const url = await serving((_, response) => {
      count += 1;
      response.writeHead(500).end();
    });
    await expect(ask(url, false)).rejects.toMatchObject({ code: "API_FAILED", data: { arrived: null } });
    expect(count).toBe(1);
  });

  it("that was too much is repeated even so: it had no effect", async () => {
    let count = 0;
    const url = await serving((_, response) => {
      count += 1;
      response.writeHead(count === 1 ? 429 : 200, { "retry-after": "0" }).end();
    });
    expect(await ask(url, false)).toMatchObject({ status: 200 });
  });

  it("to where nobody is surely did not arrive", async () => {
    const url = await serving(() => {});
    await new Promise((done) => server!.close(done));
    server = undefined;
    await expect(ask(url, false)).rejects.toMatchObject({ code: "API_FAILED", data: { arrived: false } });
  });

  it("that is never answered ends with that", async () => {
    const url = await serving(() => {});
    await expect(ask(url, false, 100)).rejects.toMatchObject({
      code: "API_FAILED",
      message: expect.stringContaining("it took too long"),
      data: { arrived: null },
    });
  });

  it("that is answered with the key does not pass it on", async () => {
    const url = await serving((request, response) => response.end(request.headers.authorization));
    expect(await ask(url, true)).toEqual({ status: 200, text: "Api-Key ***" });
  });
});
