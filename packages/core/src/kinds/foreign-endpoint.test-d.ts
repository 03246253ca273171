import { expectTypeOf, test } from "vitest";
import { z } from "zod";
import {
  type CallOptions,
  Chainlet,
  ChainletBase,
  DockerServerChainlet,
  depends,
  EngineBuilderLLMChainlet,
  type EngineBuilderLLMInput,
  endpoint,
  type Remote,
  TrussChainlet,
} from "../index.ts";

const server = {
  image: "vllm/vllm-openai:v0.9.0",
  startCommand: "vllm serve m",
  serverPort: 8000,
  predictEndpoint: "/v1",
};
const Prompt = z.object({ prompt: z.string(), temperature: z.number().default(1) });

@Chainlet()
class Vllm extends DockerServerChainlet({
  ...server,
  input: Prompt,
  output: z.object({ text: z.string() }),
}) {}

@Chainlet()
class Streaming extends DockerServerChainlet({ ...server, input: Prompt, stream: z.string() }) {}

@Chainlet()
class Untyped extends TrussChainlet({ trussDir: "./whisper" }) {}

@Chainlet()
class Llama extends EngineBuilderLLMChainlet({ engineBuilderConfig: {} }) {}

test("callers of a custom server send and get what its schemas say", () => {
  type Call = Remote<Vllm>["runRemote"];
  expectTypeOf<Parameters<Call>[0]>().toEqualTypeOf<{ prompt: string; temperature?: number | undefined }>();
  expectTypeOf<ReturnType<Call>>().toEqualTypeOf<Promise<{ text: string }>>();
  expectTypeOf<ReturnType<Remote<Streaming>["runRemote"]>>().toEqualTypeOf<AsyncIterable<string>>();
});

test("without schemas any JSON goes in and unknown comes out", () => {
  expectTypeOf<Remote<Untyped>["runRemote"]>().toEqualTypeOf<
    (input: unknown, options?: CallOptions) => Promise<unknown>
  >();
});

test("an engine takes its own input and streams text", () => {
  expectTypeOf<Parameters<Remote<Llama>["runRemote"]>[0]>().toEqualTypeOf<EngineBuilderLLMInput>();
  expectTypeOf<ReturnType<Remote<Llama>["runRemote"]>>().toEqualTypeOf<AsyncIterable<string>>();
});

@Chainlet()
export class Caller extends ChainletBase {
  constructor(
    @depends(Vllm) readonly vllm: Remote<Vllm>,
    @depends(Untyped) readonly whisper: Remote<Untyped>,
    @depends(Llama) readonly llama: Remote<Llama>,
  ) {
    super();
  }

  @endpoint()
  async runRemote() {
    // @ts-expect-error the prompt is missing
    await this.vllm.runRemote({});
  }
}
