// Five chainlets, as a test of everything that a chain can be made of: a generator, a splitter that fails once and is
// retried, a replicator, a service that turns text into a number, and an entrypoint that returns an array of mixed
// values.
import {
  Chainlet,
  ChainletBase,
  ChainletOptions,
  Compute,
  context,
  type DeploymentContext,
  depends,
  endpoint,
  type Input,
  markEntrypoint,
  type Remote,
  RemoteConfig,
} from "truss-chains";
import { z } from "zod";
import { partition } from "./partition.ts";

const GenerateInput = z.object({ length: z.int().min(0) });

@Chainlet()
export class GenerateData extends ChainletBase {
  @endpoint({ input: GenerateInput, output: z.string() })
  async runRemote({ length }: Input<typeof GenerateInput>): Promise<string> {
    const template = "Lorem ipsum dolor sit amet, consectetur adipiscing elit. ";
    return template.repeat(Math.ceil(length / template.length)).slice(0, length);
  }
}

const SplitInput = z.object({
  inputs: z.object({ data: z.string(), numPartitions: z.int().min(1) }),
  extraInput: z.int(),
});
const SplitOutput = z.object({ parts: z.array(z.string()), partLengths: z.array(z.int()) });

@Chainlet()
export class SplitTextFailOnce extends ChainletBase {
  private calls = 0;

  @endpoint({ input: SplitInput, output: z.tuple([SplitOutput, z.int()]) })
  async runRemote({
    inputs,
    extraInput,
  }: Input<typeof SplitInput>): Promise<[z.input<typeof SplitOutput>, number]> {
    this.calls += 1;
    if (this.calls === 1) throw new Error("Haha, this is a simulated error: the first call always fails.");
    const parts = partition(inputs.data, inputs.numPartitions);
    return [{ parts, partLengths: parts.map((part) => part.length) }, extraInput];
  }
}

const ReplicateInput = z.object({ data: z.string() });

@Chainlet({
  remoteConfig: new RemoteConfig({ name: "TextReplicator", compute: new Compute({ cpuCount: 1 }) }),
})
export class TextReplicator extends ChainletBase {
  @endpoint({ input: ReplicateInput, output: z.string() })
  runRemote({ data }: Input<typeof ReplicateInput>): string {
    if (data.length > 30) throw new RangeError(`This input is too long: ${data.length}.`);
    return data.repeat(2);
  }
}

const ToNumberInput = z.object({ data: z.string() });

@Chainlet({
  remoteConfig: new RemoteConfig({ options: new ChainletOptions({ envVariables: { MODE: "sum" } }) }),
})
export class TextToNum extends ChainletBase {
  constructor(
    @depends(TextReplicator) private readonly replicator: Remote<TextReplicator>,
    @context() private readonly deployment: DeploymentContext,
  ) {
    super();
  }

  @endpoint({ input: ToNumberInput, output: z.int() })
  async runRemote({ data }: Input<typeof ToNumberInput>): Promise<number> {
    const text = await this.replicator.runRemote({ data });
    const { options } = this.deployment.getServiceDescriptor("TextReplicator");
    return [...text].reduce((sum, letter) => sum + letter.codePointAt(0)!, 0) * options.retries;
  }
}

const Extra = z.object({ note: z.string(), weight: z.number() });
const PipelineInput = z.object({
  length: z.int().min(0),
  numPartitions: z.int().min(1),
  extra: Extra.default({ note: "unset", weight: 0.5 }),
  labels: z.array(z.string()).default(["a", "b"]),
});

@markEntrypoint("Text to number")
@Chainlet()
export class TextPipeline extends ChainletBase {
  constructor(
    @depends(GenerateData) private readonly generator: Remote<GenerateData>,
    @depends(SplitTextFailOnce, { retries: 2 }) private readonly splitter: Remote<SplitTextFailOnce>,
    @depends(TextToNum, { concurrencyLimit: 4 }) private readonly toNumber: Remote<TextToNum>,
  ) {
    super();
  }

  @endpoint({
    input: PipelineInput,
    output: z.tuple([z.int(), z.string(), z.int(), Extra, z.array(z.string())]),
  })
  async runRemote({
    length,
    numPartitions,
    extra,
    labels,
  }: Input<typeof PipelineInput>): Promise<[number, string, number, z.output<typeof Extra>, string[]]> {
    const data = await this.generator.runRemote({ length });
    const [{ parts }, number] = await this.splitter.runRemote({
      inputs: { data, numPartitions },
      extraInput: 123,
    });
    const values = await Promise.all(parts.map((part) => this.toNumber.runRemote({ data: part })));
    const value = values.reduce((sum, each) => sum + each, 0);
    return [value, data, number, extra, labels];
  }
}
