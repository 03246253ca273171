import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { dispatch, type Route } from "./routes.ts";

test("a route that breaks is answered with 500, and the error is told", async () => {
  const broken: Route = {
    methods: ["GET"],
    async handle() {
      throw new Error("no figures");
    },
  };
  const failed: unknown[] = [];
  const server = createServer((request, response) => {
    dispatch(new Map([["/metrics", broken]]), request, response).catch((error) => failed.push(error));
  });
  server.listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`);
  expect([answer.status, await answer.json()]).toEqual([500, { error: "Internal server error." }]);
  expect(failed).toMatchObject([{ message: "no figures" }]);
});
