import { type } from "arktype";
import * as v from "valibot";
import { expect, test } from "vitest";
import { z } from "zod";
import {
  Chainlet,
  ChainletBase,
  context,
  type DeploymentContext,
  DockerServerChainlet,
  depends,
  describeChainlet,
  describeDependency,
  EngineBuilderLLMChainlet,
  endpoint,
  endpointContract,
  type Remote,
  RemoteConfig,
  TrussChainlet,
} from "../index.ts";
import { STUB_KEY, type StubData } from "./stub-class.ts";

const Text = z.object({ text: z.string() });

@Chainlet({ remoteConfig: new RemoteConfig({ name: "embedder" }) })
class Embed extends ChainletBase {
  @endpoint({ input: Text, output: z.array(z.number()) })
  async runRemote({ text }: { text: string }) {
    return [text.length];
  }
}

@Chainlet()
class Search extends ChainletBase {
  constructor(
    @context() readonly deployment: DeploymentContext,
    @depends(Embed, { retries: 2 }) readonly embed: Remote<Embed>,
  ) {
    super();
  }
  @endpoint({ input: Text, stream: z.string() })
  async *runRemote({ text }: { text: string }) {
    yield text;
  }
}

test("a chainlet is described with its schemas, and its parameters by position", () => {
  const described = describeChainlet(Search);
  expect(described).toMatchObject({
    name: "Search",
    displayName: "Search",
    kind: "code",
    endpoint: { kind: "stream", input: Text },
    parameters: [
      { kind: "context" },
      {
        kind: "dependency",
        dependency: { name: "Embed", displayName: "embedder", kind: "code", endpoint: "unary" },
        options: { retries: 2, timeoutSec: 600, useBinary: false, concurrencyLimit: 300 },
      },
    ],
    hasHealthCheck: false,
  });
  expect(described.chainletClass).toBe(Search);
  expect(Object.isFrozen(described)).toBe(true);
});

test("the caller of a code chainlet knows its contract and leaves its schemas alone", () => {
  const dependency = describeDependency(Embed);
  expect(dependency.contract).toEqual(endpointContract(describeChainlet(Embed).endpoint));
  expect(dependency.schemas).toEqual({ output: undefined, item: undefined });
});

const server = { image: "i", startCommand: "c", serverPort: 8000, predictEndpoint: "/predict" };

test("the caller of a chainlet that runs elsewhere checks the answers with its schemas", () => {
  const output = z.object({ text: z.string() });
  const stream = z.string();
  @Chainlet()
  class Vllm extends DockerServerChainlet({ ...server, output }) {}
  @Chainlet()
  class Tokens extends DockerServerChainlet({ ...server, stream }) {}
  @Chainlet()
  class Whisper extends TrussChainlet({ trussDir: "./whisper" }) {}
  expect(describeDependency(Vllm)).toMatchObject({
    kind: "docker_server",
    endpoint: "unary",
    schemas: { output, item: undefined },
    contract: undefined,
  });
  expect(describeDependency(Tokens)).toMatchObject({ endpoint: "stream", schemas: { item: stream } });
  expect(describeDependency(Whisper)).toMatchObject({
    kind: "truss",
    endpoint: "unary",
    schemas: { output: undefined, item: undefined },
  });
});

test("an engine streams text and nothing else", async () => {
  @Chainlet()
  class Llama extends EngineBuilderLLMChainlet({ engineBuilderConfig: {} }) {}
  const { endpoint: kind, schemas } = describeDependency(Llama);
  expect(kind).toBe("stream");
  const validate = (value: unknown) => schemas.item!["~standard"].validate(value);
  expect(await validate("token")).toEqual({ value: "token" });
  expect(await validate(3)).toEqual({ issues: [{ message: "must be a string, got number" }] });
});

test("a stub that stands for a chainlet is described by its data alone", () => {
  const data: StubData = {
    name: "Embed",
    displayName: "embedder",
    kind: "code",
    endpoint: "unary",
    takesInput: true,
    contract: { hash: "0123456789abcdef", schemas: { kind: "unary", input: null, output: null } },
  };
  class Stub {
    static readonly marker = Object.defineProperty(Stub, Symbol.for(STUB_KEY), { value: data });
  }
  expect(describeDependency(Stub as never)).toEqual({
    ...data,
    schemas: { output: undefined, item: undefined },
  });
});

test("a derived chainlet inherits the endpoint and the constructor, not the deployment", () => {
  @Chainlet()
  class Derived extends Search {}
  const described = describeChainlet(Derived);
  expect(described.endpoint.kind).toBe("stream");
  expect(described.parameters.map(({ kind }) => kind)).toEqual(["context", "dependency"]);

  @Chainlet()
  class Named extends Embed {}
  expect(describeChainlet(Named).displayName).toBe("Named");
});

test("schemas of other libraries are described like those of zod", () => {
  @Chainlet()
  class OfValibot extends ChainletBase {
    @endpoint({ input: v.object({ text: v.string() }), output: v.number() })
    async runRemote({ text }: { text: string }) {
      return text.length;
    }
  }
  @Chainlet()
  class OfArktype extends ChainletBase {
    @endpoint({ input: type({ text: "string" }), output: type("number") })
    async runRemote({ text }: { text: string }) {
      return text.length;
    }
  }
  expect(endpointContract(describeChainlet(OfValibot).endpoint).schemas).toEqual({
    kind: "unary",
    input: {},
    output: {},
  });
  expect(endpointContract(describeChainlet(OfArktype).endpoint).schemas).toMatchObject({
    kind: "unary",
    input: { required: ["text"] },
    output: { type: "number" },
  });
});

test("the contract changes with what callers send or get, and with nothing else", () => {
  const hashOf = (spec: Parameters<typeof endpoint>[0]) => {
    class Any extends ChainletBase {
      async runRemote() {}
    }
    endpoint(spec)(Any.prototype as never, "runRemote" as never, {});
    Chainlet()(Any);
    return endpointContract(describeChainlet(Any).endpoint).hash;
  };
  const base = hashOf({ input: Text, output: z.int() });
  expect(hashOf({ output: z.int(), input: z.object({ text: z.string() }) })).toBe(base);
  const others = [
    hashOf({ input: Text, output: z.number() }),
    hashOf({ input: z.object({ text: z.string().optional() }), output: z.int() }),
    hashOf({ input: Text }),
    hashOf({ output: z.int() }),
    hashOf({ input: Text, stream: z.int() }),
    hashOf({ receive: Text, send: z.int() }),
  ];
  expect(new Set([base, ...others]).size).toBe(others.length + 1);
});
