import { expect, test } from "vitest";
import { z } from "zod";
import { Chainlet, ChainletBase, endpoint } from "../../index.ts";
import { checkChain } from "../check-chain.ts";
import type { CheckedClass } from "./report.ts";

const problemsOf = (cls: CheckedClass) => checkChain(cls).map(({ code, message }) => `${code}: ${message}`);

const text = z.string();

/** A chainlet whose `runRemote` is the given one, with a spec that the compiler would not accept. */
function withSpec(spec: object, runRemote: unknown = async () => {}): CheckedClass {
  class Search extends ChainletBase {}
  Object.defineProperty(Search.prototype, "runRemote", { value: runRemote });
  endpoint(spec)(Search.prototype as never, "runRemote" as never, {});
  Chainlet()(Search);
  return Search;
}

test("a chainlet without a method runRemote is told what to add", () => {
  @Chainlet()
  class Search extends ChainletBase {
    async runRemot() {}
  }
  expect(checkChain(Search)).toMatchObject([
    {
      code: "ENDPOINT_MISSING",
      message: "Search has no endpoint.",
      fix: "Add @endpoint({ input, output }) async runRemote(input) { … }.",
    },
  ]);
});

test("a runRemote without @endpoint is told what to put above it", () => {
  @Chainlet()
  class Search extends ChainletBase {
    async runRemote() {}
  }
  expect(checkChain(Search)).toMatchObject([
    {
      code: "ENDPOINT_MISSING",
      message: "runRemote has no @endpoint.",
      location: { className: "Search", member: "runRemote" },
    },
  ]);
});

test("@endpoint on another method is told where it belongs", () => {
  @Chainlet()
  class Search extends ChainletBase {
    // @ts-expect-error the compiler says so too
    @endpoint()
    async predict() {}
  }
  expect(checkChain(Search)).toMatchObject([
    {
      code: "ENDPOINT_MISPLACED",
      message: "@endpoint is on predict.",
      fix: "Rename the method to runRemote.",
      location: { className: "Search", member: "predict" },
    },
  ]);
});

test("a static runRemote is no endpoint", () => {
  @Chainlet()
  class Search extends ChainletBase {
    // @ts-expect-error the compiler says so too
    @endpoint()
    static async runRemote() {}
  }
  expect(problemsOf(Search)).toEqual(["ENDPOINT_MISPLACED: @endpoint is on the static member runRemote."]);
});

test("two endpoints are one too many", () => {
  @Chainlet()
  class Search extends ChainletBase {
    @endpoint()
    async runRemote() {}
    // @ts-expect-error the compiler says so too
    @endpoint({ input: z.object({ text }) })
    async other(_input: string) {}
  }
  expect(problemsOf(Search)).toEqual([
    "ENDPOINT_MISPLACED: @endpoint is on other.",
    "ENDPOINT_MISPLACED: Search has 2 endpoints.",
  ]);
});

test("a runRemote that is not a method is refused", () => {
  @Chainlet()
  class Search extends ChainletBase {
    get runRemote() {
      return "a value";
    }
  }
  expect(problemsOf(Search)).toEqual(["ENDPOINT_MISPLACED: runRemote is not a method."]);
});

test("an endpoint may be inherited from a chainlet, and overridden", () => {
  @Chainlet()
  class Base extends ChainletBase {
    @endpoint({ output: text })
    async runRemote() {
      return "base";
    }
  }
  @Chainlet()
  class Inherits extends Base {}
  @Chainlet()
  class Overrides extends Base {
    override async runRemote() {
      return "mine";
    }
  }
  expect([...problemsOf(Inherits), ...problemsOf(Overrides)]).toEqual([]);
});

test.each([
  ["nothing", {}, async () => {}],
  ["input and output", { input: z.object({ text }), output: text }, async () => {}],
  ["a sync method", { input: z.object({ text }), output: text }, () => {}],
  ["a stream", { input: z.object({ text }), stream: text }, async function* () {}],
  ["a sync method that returns an iterable", { stream: text }, () => {}],
  ["a WebSocket", { receive: text, send: text }, async () => {}],
])("a spec of %s is accepted", (_, spec, runRemote) => {
  expect(problemsOf(withSpec(spec, runRemote))).toEqual([]);
});

const STREAM = async function* () {};

test.each([
  [{ output: text, stream: text }, STREAM, "@endpoint cannot combine `output` and `stream`."],
  [{ receive: text }, undefined, "@endpoint cannot combine `receive`"],
  [
    { receive: text, send: text, input: z.object({ text }) },
    undefined,
    "@endpoint cannot combine `receive` and `send` and `input`.",
  ],
  [{ inputs: text }, undefined, "@endpoint does not know `inputs`."],
  [{ input: "string" }, undefined, "The `input` of @endpoint is not a schema."],
  [{ output: { type: "string" } }, undefined, "The `output` of @endpoint is not a schema."],
  [{ stream: text }, undefined, "@endpoint declares `stream`, but runRemote does not yield."],
  [{ output: text }, STREAM, "runRemote yields, but its @endpoint declares no `stream`."],
  [{ stream: text }, function* () {}, "runRemote is a sync generator."],
  [{ output: text }, function* () {}, "runRemote is a sync generator."],
])("%o is refused", (spec, runRemote, message) => {
  const problems = problemsOf(withSpec(spec, runRemote));
  expect(problems).toEqual([expect.stringContaining(`ENDPOINT_SPEC_INVALID: ${message}`)]);
});

test("several faults of one endpoint are reported together", () => {
  expect(problemsOf(withSpec({ input: 1, output: 2, foo: 3 }))).toHaveLength(3);
});

test("a runRemote that is a property or a getter is no method, and the getter is not called", () => {
  @Chainlet()
  class Arrow extends ChainletBase {
    // @ts-expect-error the compiler says so too
    @endpoint()
    runRemote = async () => {};
  }
  @Chainlet()
  class Getter extends ChainletBase {
    @endpoint()
    get runRemote(): () => void {
      throw new Error("called");
    }
  }
  for (const cls of [Arrow, Getter])
    expect(problemsOf(cls)).toEqual(["ENDPOINT_MISPLACED: runRemote is not a method."]);
});

test("a spec that is no object of schemas is told what one is", () => {
  for (const spec of [null, "input", 3] as unknown as object[])
    expect(problemsOf(withSpec(spec))).toEqual([
      "ENDPOINT_SPEC_INVALID: @endpoint takes an object of schemas.",
    ]);
  expect(problemsOf(withSpec(z.object({ query: text })))).toEqual([
    "ENDPOINT_SPEC_INVALID: @endpoint is given a schema, and not what it is of.",
  ]);
});

test.each([
  ["string", z.string()],
  ["array", z.array(z.string())],
  ["number", z.number().default(1)],
])("an input of type %s, which no Python stub could send, is refused", (type, input) => {
  expect(problemsOf(withSpec({ input }))).toEqual([
    `ENDPOINT_SPEC_INVALID: The \`input\` of @endpoint is of type ${type}, and a chainlet takes one object.`,
  ]);
});

test.each([
  ["an object", z.object({ text })],
  ["one of several objects", z.discriminatedUnion("kind", [z.object({ kind: z.literal("a") })])],
  ["a record", z.record(z.string(), text)],
  ["anything", z.any()],
  ["an object behind a transform", z.object({ text }).transform(({ text }) => text)],
])("an input that is %s is fine", (_, input) => {
  expect(problemsOf(withSpec({ input }))).toEqual([]);
});
