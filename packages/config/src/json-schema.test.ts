import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { configJsonSchema } from "./json-schema.ts";

const PUBLISHED = new URL("config.schema.json", import.meta.url);

test("the published schema is up to date (UPDATE_SCHEMA=1 renews it)", () => {
  const schema = configJsonSchema();
  if (process.env["UPDATE_SCHEMA"]) writeFileSync(PUBLISHED, `${JSON.stringify(schema, null, 2)}\n`);
  expect(JSON.parse(readFileSync(PUBLISHED, "utf8"))).toEqual(schema);
});

test("every field that people write is described", () => {
  const { properties } = configJsonSchema() as { properties: Record<string, { description?: string }> };
  const bare = Object.keys(properties).filter((key) => properties[key]?.description === undefined);
  // Keys of the format's past, which Truss itself does not explain.
  expect(bare).toEqual(["input_type", "model_framework", "model_type", "use_local_src", "cache_internal"]);
});
