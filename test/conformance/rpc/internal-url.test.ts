import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { createHttpTransport, type Transport } from "@truss-chains/rpc";
import { afterEach, beforeEach, expect, test } from "vitest";

// A certificate for localhost, and nobody else's authority.
const fixture = (name: string) =>
  readFileSync(new URL(`fixtures/localhost-${name}.pem`, import.meta.url), "utf8");
const ca = fixture("cert");

let server: Server;
let url: string;
let transport: Transport;

beforeEach(async () => {
  server = createServer({ cert: ca, key: fixture("key") }, ({ headers, socket }, response) => {
    response.end(JSON.stringify([headers.host, (socket as TLSSocket & { servername: string }).servername]));
  });
  server.listen(0, "localhost");
  await once(server, "listening");
  url = `https://localhost:${(server.address() as AddressInfo).port}/run_remote`;
});

afterEach(async () => {
  await transport.close();
  server.closeAllConnections();
  server.close();
});

async function call() {
  const request = {
    headers: { "content-type": "application/json" },
    body: "{}",
    signal: undefined,
    whole: true,
  };
  const { bytes } = await transport.call(request);
  return JSON.parse(Buffer.from(bytes!).toString());
}

test("the Host header of an internal address differs from the address, which TLS is checked against", async () => {
  transport = createHttpTransport({ url, hostHeader: "chain-abc.api.example", apiKey: "key", ca });
  expect(await call()).toEqual(["chain-abc.api.example", "localhost"]);
  // Again, since the name must not change on a connection that is kept.
  expect(await call()).toEqual(["chain-abc.api.example", "localhost"]);
});

test("a certificate that nobody vouches for is refused", async () => {
  transport = createHttpTransport({ url, apiKey: "key" });
  await expect(call()).rejects.toThrow(/^Could not connect to https:\/\/localhost:\d+ \(.*CERT.*\)\.$/);
});
