import { createServer, type Server } from "node:http";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { controlRequest } from "./request.ts";
import { patienceFor } from "./retry.ts";

// Pauses take no time here, and something may happen during them.
const pauses = vi.hoisted(() => ({ made: 0, during: async () => {} }));
vi.mock("./retry.ts", async (original) => ({
  ...(await original<typeof import("./retry.ts")>()),
  pause: async () => {
    pauses.made++;
    await pauses.during();
  },
}));
beforeEach(() => Object.assign(pauses, { made: 0, during: async () => {} }));

async function serve(port = 0): Promise<Server> {
  const server = createServer((_, response) => response.setHeader("connection", "close").end("here"));
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return server;
}

function portOf(server: Server): number {
  return (server.address() as { port: number }).port;
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

test("an origin where nobody listens is given up after two more attempts", async () => {
  const server = await serve();
  const port = portOf(server);
  await stop(server);
  await expect(controlRequest({ url: `http://127.0.0.1:${port}/` })).rejects.toMatchObject({
    code: "SOURCE_UNREACHABLE",
    message: `127.0.0.1:${port} cannot be reached: ECONNREFUSED.`,
  });
  expect(pauses.made).toBe(2);
});

test("a name that does not exist needs less patience than a resolver that does not answer", () => {
  expect(patienceFor("ENOTFOUND")).toBeLessThan(patienceFor("EAI_AGAIN"));
});

test("an origin that is late by a moment is reached", async () => {
  const first = await serve();
  const port = portOf(first);
  await stop(first);
  pauses.during = async () => {
    pauses.during = async () => {};
    await serve(port);
  };
  expect(await controlRequest({ url: `http://127.0.0.1:${port}/` })).toMatchObject({ body: "here" });
  expect(pauses.made).toBe(1);
});

test("an origin that has answered before gets the time to restart", async () => {
  const first = await serve();
  const port = portOf(first);
  const url = `http://127.0.0.1:${port}/`;
  await controlRequest({ url });
  await stop(first);
  pauses.during = async () => {
    if (pauses.made === 5) await serve(port);
  };
  expect(await controlRequest({ url })).toMatchObject({ body: "here" });
});
