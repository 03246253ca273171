import { expect, test } from "vitest";
import { configJsonSchema } from "./json-schema.ts";

test("the published schema is up to date (`npx vitest -u` renews it)", async () => {
  await expect(`${JSON.stringify(configJsonSchema(), null, 2)}\n`).toMatchFileSnapshot("config.schema.json");
});

test("every field that people write is described", () => {
  const { properties } = configJsonSchema() as { properties: Record<string, { description?: string }> };
  const bare = Object.keys(properties).filter((key) => properties[key]?.description === undefined);
  // Keys of the format's past, which Truss itself does not explain.
  expect(bare).toEqual(["input_type", "model_framework", "model_type", "use_local_src", "cache_internal"]);
});
