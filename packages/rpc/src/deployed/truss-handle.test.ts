import { RPCOptions } from "@truss-chains/core";
import { expect, test } from "vitest";
import { parseDynamicChainletConfig, serviceDescriptor } from "./dynamic-config.ts";
import { TrussHandle } from "./truss-handle.ts";

const PUBLIC = "https://chain-a.api.example/deployment/d/chainlet/c/run_remote";
const INTERNAL = "https://gateway.example/deployment/d/chainlet/c/run_remote";
const internal_url = { gateway_run_remote_url: INTERNAL, hostname: "chain-a.api.example" };

const handleOf = (entry: object) => {
  const config = parseDynamicChainletConfig(JSON.stringify({ Whisper: entry }));
  const dependency = { name: "Whisper", displayName: "Whisper" };
  return new TrussHandle(serviceDescriptor(dependency, new RPCOptions({}), config), "key\n");
};
const both = handleOf({ predict_url: PUBLIC, internal_url });
const onlyInternal = handleOf({ internal_url });

test("HTTP calls go to the public address unless told otherwise", () => {
  expect(both.httpCallArgs()).toEqual({ url: PUBLIC, headers: { Authorization: "Api-Key key" } });
  const inside = { url: INTERNAL, headers: { Authorization: "Api-Key key", Host: "chain-a.api.example" } };
  expect(both.httpCallArgs({ preferInternal: true })).toEqual(inside);
  expect(onlyInternal.httpCallArgs()).toEqual(inside);
});

test("another path of the server is reached through /sync", () => {
  const url = "https://chain-a.api.example/deployment/d/chainlet/c/sync/v1/models";
  expect(both.httpCallArgs({ syncPath: "//v1/models", apiKey: "other" })).toEqual({
    url,
    headers: { Authorization: "Api-Key other" },
  });
  expect(both.wsCallArgs({ syncPath: "v1/models" }).url).toBe(url.replace("https", "wss"));
});

test("WebSockets take the public address only", () => {
  expect(both.wsCallArgs()).toEqual({
    url: "wss://chain-a.api.example/deployment/d/chainlet/c/websocket",
    headers: { Authorization: "Api-Key key" },
  });
  expect(() => onlyInternal.wsCallArgs()).toThrow("There is no public address for Whisper");
});
