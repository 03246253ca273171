import { ChainsError } from "@truss-chains/errors";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  checkForPush,
  editConfig,
  migrateConfig,
  parseConfig,
  parseConfigObject,
  renderConfig,
  toDict,
} from "./index.ts";

/** Runs something on hostile input: a ChainsError is an answer, anything else a crash. */
function survive<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof ChainsError) return undefined;
    throw error;
  }
}

const PIECES = [
  "model_name",
  "runtime",
  "weights",
  "model_cache",
  "trt_llm",
  "secrets",
  "__proto__",
  "constructor",
  "resources",
  "environment_variables",
  ":",
  ": ",
  "\n",
  "\n  ",
  "\n- ",
  "- ",
  "[",
  "]",
  "{",
  "}",
  ",",
  "'",
  '"',
  "&a ",
  "*a",
  "<<: ",
  "!!",
  "!!binary ",
  "|",
  ">",
  "#",
  "1",
  ".5",
  "null",
  "yes",
  "\t",
  "\r",
  "\u2028",
  "hf://a/b",
  "/m",
  "\\u",
  "\ud800",
];

const soup = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: "binary", maxLength: 4 })), { maxLength: 40 })
  .map((parts) => parts.join(""));

function untouched(): boolean {
  return (
    Object.keys(Object.prototype).length === 0 &&
    !Object.hasOwn(Object.prototype, "polluted") &&
    Object.keys(Array.prototype).length === 0
  );
}

test("no bytes crash the reader", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void survive(() => parseConfig(bytes))),
  );
});

test("no text crashes the reader, the push check, the editor or the migration", () => {
  fc.assert(
    fc.property(soup, (text) => {
      const parsed = survive(() => parseConfig(text));
      if (parsed) survive(() => checkForPush(parsed.config));
      survive(() => migrateConfig(text));
      survive(() => editConfig(text, [{ path: ["model_name"], value: "x" }]));
      expect(untouched()).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test("no object crashes the reader, and none reaches a prototype", () => {
  const key = fc.oneof(
    fc.constantFrom(
      "__proto__",
      "constructor",
      "polluted",
      "runtime",
      "weights",
      "trt_llm",
      "build",
      "transport",
      "kind",
    ),
    fc.string(),
  );
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: "small" },
      fc.constant(null),
      fc.boolean(),
      fc.integer(),
      fc.double(),
      fc.string(),
      fc.array(tie("any"), { maxLength: 3 }),
      fc.dictionary(key, tie("any"), { maxKeys: 4 }),
    ),
  })).any;
  fc.assert(
    fc.property(fc.dictionary(key, value, { maxKeys: 6 }), (object) => {
      survive(() => parseConfigObject(object));
      expect(untouched()).toBe(true);
    }),
  );
});

const json = fc.jsonValue({ maxDepth: 3, stringUnit: "grapheme" });
const someConfig = fc.record(
  {
    model_name: fc.option(fc.string({ unit: "grapheme" })),
    description: fc.string({ unit: "binary" }).filter((text) => text.isWellFormed()),
    model_metadata: fc.dictionary(fc.string(), json, { maxKeys: 4 }),
    environment_variables: fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean()), {
      maxKeys: 4,
    }),
    secrets: fc.dictionary(fc.string(), fc.option(fc.string()), { maxKeys: 3 }),
    requirements: fc.array(fc.string(), { maxLength: 3 }),
    build_commands: fc.array(
      fc.string({ unit: fc.constantFrom("a", " ", "\n", ":", "#", "'", '"', "-", "\t") }),
      { maxLength: 3 },
    ),
    resources: fc.record(
      { cpu: fc.constantFrom("1", "500m", "1e3"), accelerator: fc.constantFrom(null, "A100", "H100:8") },
      { requiredKeys: [] },
    ),
    runtime: fc.record(
      {
        predict_concurrency: fc.integer(),
        transport: fc.constantFrom({ kind: "grpc" }, { kind: "websocket", ping_timeout_seconds: 0.5 }),
      },
      { requiredKeys: [] },
    ),
    weights: fc.uniqueArray(
      fc.record({
        source: fc.constantFrom("hf://a/b", "s3://b/c"),
        mount_location: fc.string().map((name) => `/${name}`),
      }),
      { selector: (entry) => entry.mount_location, maxLength: 3 },
    ),
    extra_key: json,
  },
  { requiredKeys: [] },
);

test("what is rendered reads back the same, in both forms", () => {
  fc.assert(
    fc.property(someConfig, fc.boolean(), (object, verbose) => {
      const { config } = parseConfigObject(object);
      const again = parseConfig(renderConfig(config, { verbose })).config;
      // Equal as JSON: a dump leaves out unknown keys that are null, and -0 is 0 there.
      expect(JSON.parse(JSON.stringify(toDict(again)))).toEqual(JSON.parse(JSON.stringify(toDict(config))));
    }),
    { numRuns: 300 },
  );
});

test("an edit changes what it was asked to, and leaves every other line alone", () => {
  const file = [
    "# top",
    "model_name: 'a' # name",
    "",
    "resources:  # res",
    '  cpu: "1"',
    "  # memory follows",
    "  memory: 2Gi",
    "requirements: [x]",
    "# end",
    "",
  ];
  fc.assert(
    fc.property(fc.string(), (name) => {
      const edited = editConfig(file.join("\n"), [{ path: ["model_name"], value: name }]);
      expect(parseConfig(edited).config.model_name).toBe(name);
      const lines = edited.split("\n");
      expect([lines[0], ...lines.slice(-8)]).toEqual([file[0], ...file.slice(-8)]);
    }),
  );
});
