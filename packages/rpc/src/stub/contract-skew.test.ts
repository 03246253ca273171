import {
  contractOf,
  type DependencyDescriptor,
  type EndpointContract,
  type JsonSchema,
  type Remote,
} from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";
import { describe, expect, test, vi } from "vitest";
import { ASK_CONTRACT_HEADER, CONTRACT_HEADER } from "../call/headers.ts";
import { jsonCodec } from "../codec/codec.ts";
import { toErrorBody } from "../errors/error-body.ts";
import { createMemoryTransport } from "../memory-transport.ts";
import { encodeStream } from "../stream/encode-stream.ts";
import type { WireRequest, WireResponse } from "../transport.ts";
import { createStub } from "./create-stub.ts";

const object = (properties: Record<string, JsonSchema>): JsonSchema => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
const text = { type: "string" };
const integer = { type: "integer" };

const built = contractOf({
  kind: "unary",
  input: object({ text }),
  output: object({ parts: { type: "array", items: text }, size: integer }),
});
const served = contractOf({
  kind: "unary",
  input: object({ text, language: text }),
  output: object({ parts: { type: "array", items: integer }, extra: text }),
});

interface Callee {
  readonly contract?: EndpointContract;
  readonly answer: (request: WireRequest) => WireResponse | Promise<WireResponse>;
  /** What it answers when it is asked for its schemas. */
  readonly told?: (request: WireRequest) => WireResponse;
}

async function* once(body: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(body);
}

const json = (value: unknown, status = 200): WireResponse => ({
  status,
  headers: { "content-type": "application/json", [CONTRACT_HEADER]: served.hash },
  body: once(JSON.stringify(value)),
});

function stubOf({ contract = built, answer, told = () => json(served) }: Callee) {
  const dependency: DependencyDescriptor = {
    name: "Split",
    displayName: "Split",
    kind: "code",
    endpoint: contract.schemas.kind,
    takesInput: true,
    schemas: { output: undefined, item: undefined },
    contract,
  };
  const asked = vi.fn(told);
  const transport = createMemoryTransport(async (request) =>
    request.headers[ASK_CONTRACT_HEADER] === undefined ? answer(request) : asked(request),
  );
  const options = { retries: 1, timeoutSec: 600, useBinary: false, concurrencyLimit: 1 };
  const stub = createStub(dependency, { transport, options }) as unknown as Remote<{
    runRemote(input: unknown): Promise<unknown>;
  }>;
  return { stub, asked };
}

const failure = (call: unknown): Promise<ChainsError> =>
  Promise.resolve(call).then(
    () => expect.fail("It did not fail."),
    (error) => error,
  );

const difference = [
  "What changed in Split since its caller was built:",
  "  input.language is new and required (breaks callers)",
  "  output.parts[] was string, is integer (breaks callers)",
  "  output.size is gone (breaks callers)",
  "  output.extra is new",
].join("\n");

describe("a callee that refuses an input of its own schemas' former version", () => {
  const refusal = new ChainsError("CONTRACT_MISMATCH", "Split serves other schemas.", { data: { served } });
  const refused = (): WireResponse => {
    const { status, headers, body } = toErrorBody(refusal);
    return { status, headers, body: once(body) };
  };

  test("is an error that shows what changed", async () => {
    const { stub } = stubOf({ answer: refused });
    const error = await failure(stub.runRemote({ text: "a" }));
    expect(error.code).toBe("CONTRACT_MISMATCH");
    expect(error.message).toMatch(/HTTP status=409[\s\S]*Split serves other schemas/);
    expect(error.message).toContain(difference);
    expect(error.data).toMatchObject({ served, difference: { length: 4 } });
  });

  test("is the same error two hops away, with the difference of the two that differ", async () => {
    const inner = stubOf({ answer: refused });
    const outer = stubOf({
      answer: async () => {
        const { body, ...rest } = toErrorBody(await failure(inner.stub.runRemote({})));
        return { ...rest, body: once(body) };
      },
    });
    const error = await failure(outer.stub.runRemote({}));
    expect([error.code, (error.data as any).difference.length]).toEqual(["CONTRACT_MISMATCH", 4]);
    expect(error.message.match(/What changed in/g)).toHaveLength(1);
  });
});

describe("an answer of a callee with other schemas", () => {
  test("that still fits is an answer, with the fields that were added", async () => {
    const value = { parts: [], size: 1, extra: "new" };
    const { stub, asked } = stubOf({ answer: () => json(value) });
    expect(await stub.runRemote({ text: "a" })).toEqual(value);
    expect(asked).not.toHaveBeenCalled();
  });

  test("that does not fit any more is an error that says why", async () => {
    const { stub, asked } = stubOf({ answer: () => json({ parts: ["a", 2], extra: "new" }) });
    const [error] = await Promise.all([failure(stub.runRemote({})), failure(stub.runRemote({}))]);
    expect(error.code).toBe("RESPONSE_INVALID");
    expect(error.message).toMatch(/parts\[1\]: must be a string, got a number/);
    expect(error.message).toMatch(/size: is missing/);
    expect(error.message).toContain(difference);
    expect(error.fix).toContain("Deploy the caller and Split together");
    expect(asked).toHaveBeenCalledOnce();
  });

  test("that cannot be read is explained too", async () => {
    const answer = (): WireResponse => ({ ...json(0), body: once("<html>") });
    const error = await failure(stubOf({ answer }).stub.runRemote({}));
    expect(error.message).toContain("The answer of Split cannot be read");
    expect(error.message).toContain(difference);
  });

  test("is an error all the same when the callee does not tell its schemas", async () => {
    const { stub } = stubOf({ answer: () => json(1), told: () => json({ error: "busy" }, 429) });
    const error = await failure(stub.runRemote({}));
    expect(error.code).toBe("RESPONSE_INVALID");
    expect(error.message).toContain(`(${served.hash}) than its caller was built against (${built.hash})`);
    expect(error.message).toContain("it answered 429");
  });
});

test("nothing is checked when both were built with the same schemas", async () => {
  const answer = (): WireResponse => ({ ...json("x"), headers: { "content-type": "application/json" } });
  expect(await stubOf({ answer }).stub.runRemote({})).toBe("x");
});

test("items of a stream that fit come before the error of the one that does not", async () => {
  const contract = contractOf({ kind: "stream", input: null, item: object({ n: integer }) });
  async function* items() {
    yield { n: 1 };
    yield { n: "two" };
  }
  const now = contractOf({ kind: "stream", input: null, item: object({ n: text }) });
  const { stub } = stubOf({
    contract,
    told: () => json(now),
    answer: async ({ headers }) => {
      const onError = (error: unknown) => toErrorBody(error);
      const stream = await encodeStream(items(), { requestHeaders: headers, codec: jsonCodec, onError });
      return { status: 200, ...stream, headers: { ...stream.headers, [CONTRACT_HEADER]: now.hash } };
    },
  });
  const got: unknown[] = [];
  const reading = (async () => {
    for await (const item of stub.runRemote({}) as unknown as AsyncIterable<unknown>) got.push(item);
  })();
  const error = await failure(reading);
  expect(got).toEqual([{ n: 1 }]);
  expect(error.message).toMatch(/An item of Split does not fit[\s\S]*item\.n was integer, is string/);
});
