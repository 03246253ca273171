import type { ResolvedRPCOptions } from "@truss-chains/core";
import { expect, test } from "vitest";
import { addressOf } from "./address.ts";
import { parseDynamicChainletConfig, serviceDescriptor } from "./dynamic-config.ts";

const OPTIONS: ResolvedRPCOptions = { retries: 1, timeoutSec: 600, useBinary: false, concurrencyLimit: 300 };
const BOTH = {
  predict_url: "https://chain-abc123.api.baseten.co/deployment/dep/chainlet/cl/run_remote",
  internal_url: {
    gateway_run_remote_url: "https://aws-us-west-2-ai7.api.baseten.co/deployment/dep/chainlet/cl/run_remote",
    hostname: "chain-abc123.api.baseten.co",
  },
  later_addition: true,
};
const parse = (document: unknown) => parseDynamicChainletConfig(JSON.stringify(document));
const describeSplit = (document: unknown) =>
  serviceDescriptor({ name: "SplitText", displayName: "Split" }, OPTIONS, parse(document));

test("the internal address is preferred, and needs a Host header of its own", () => {
  const descriptor = describeSplit({ Split: BOTH });
  expect(descriptor.predictUrl).toBe(BOTH.predict_url);
  expect(addressOf(descriptor)).toEqual({
    url: BOTH.internal_url.gateway_run_remote_url,
    hostHeader: "chain-abc123.api.baseten.co",
  });
});

test("the public address alone will do", () => {
  expect(addressOf(describeSplit({ Split: { predict_url: BOTH.predict_url, internal_url: null } }))).toEqual({
    url: BOTH.predict_url,
  });
});

test("a chainlet that is not there is named, with those that are", () => {
  expect(() => describeSplit({ A: BOTH, B: BOTH })).toThrow(
    'Chainlet "Split" is not in dynamic_chainlet_config; it has: A, B.',
  );
});

test("a document that is not an object counts as empty", () => {
  expect(() => describeSplit("")).toThrow("it has: none.");
});

test.each([
  ["nothing", undefined, "has not said where"],
  ["an empty file", " ", "has not said where"],
  ["broken JSON", "{", "is not valid JSON"],
  ["an entry that is no object", '{"A":1}', 'The entry "A" of dynamic_chainlet_config is not an object.'],
  ["an entry without addresses", '{"A":{}}', "has neither predict_url nor internal_url"],
  ["an address that is no string", '{"A":{"predict_url":1}}', "predict_url is not a string"],
  ["half an internal address", '{"A":{"internal_url":{"hostname":"x"}}}', "needs the strings"],
])("%s is refused", (_, text, message) => {
  expect(() => parseDynamicChainletConfig(text)).toThrow(
    expect.objectContaining({ code: "DEPENDENCY_NOT_CONFIGURED", message: expect.stringContaining(message) }),
  );
});
