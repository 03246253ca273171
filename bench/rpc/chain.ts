// What is measured: chainlets that answer what they are asked, and one that calls them, all built and started as they
// are deployed.
import {
  Chainlet,
  ChainletBase,
  Compute,
  depends,
  endpoint,
  type Input,
  markEntrypoint,
  NdArray,
  ndarray,
  type Remote,
  RemoteConfig,
} from "truss-chains";
import { z } from "zod";
import { latency, throughput } from "./measure.mjs";
import { payloads, STREAM_ITEMS, streamItem } from "./payloads.mjs";

const remoteConfig = new RemoteConfig({ compute: new Compute({ predictConcurrency: 256 }) });

const SmallJson = z.object({ text: z.string(), n: z.number(), tags: z.array(z.string()), ok: z.boolean() });

@Chainlet({ remoteConfig })
export class Small extends ChainletBase {
  @endpoint({ input: SmallJson, output: SmallJson })
  async runRemote(input: Input<typeof SmallJson>): Promise<z.output<typeof SmallJson>> {
    return input;
  }
}

const Rows = z.object({ rows: z.array(z.object({ id: z.number(), name: z.string(), score: z.number() })) });

@Chainlet({ remoteConfig })
export class Objects extends ChainletBase {
  @endpoint({ input: Rows, output: Rows })
  async runRemote(input: Input<typeof Rows>): Promise<z.output<typeof Rows>> {
    return input;
  }
}

const LongText = z.object({ text: z.string() });

@Chainlet({ remoteConfig })
export class Text extends ChainletBase {
  @endpoint({ input: LongText, output: LongText })
  async runRemote(input: Input<typeof LongText>): Promise<z.output<typeof LongText>> {
    return input;
  }
}

const Vector = z.object({ vector: ndarray("float32", [null]) });

@Chainlet({ remoteConfig })
export class Binary extends ChainletBase {
  @endpoint({ input: Vector, output: Vector })
  async runRemote(input: Input<typeof Vector>): Promise<z.output<typeof Vector>> {
    return input;
  }
}

const Numbers = z.object({ vector: z.array(z.number()) });

@Chainlet({ remoteConfig })
export class NumbersAsJson extends ChainletBase {
  @endpoint({ input: Numbers, output: Numbers })
  async runRemote(input: Input<typeof Numbers>): Promise<z.output<typeof Numbers>> {
    return input;
  }
}

@Chainlet({ remoteConfig })
export class Items extends ChainletBase {
  @endpoint({ stream: z.string() })
  async *runRemote(): AsyncGenerator<string> {
    for (let n = 0; n < STREAM_ITEMS; n++) yield streamItem(n);
  }
}

const Load = z.object({
  kind: z.enum(["small", "objects", "text", "binary", "numbers", "stream"]),
  measure: z.enum(["throughput", "latency"]),
  concurrency: z.int(),
  count: z.int(),
});

const once = { retries: 1 };

@markEntrypoint()
@Chainlet()
export class Caller extends ChainletBase {
  /** Each makes its input, and then a call as often as it is asked to. */
  readonly #loads: Record<Input<typeof Load>["kind"], () => () => Promise<unknown>>;

  constructor(
    @depends(Small, once) small: Remote<Small>,
    @depends(Objects, once) objects: Remote<Objects>,
    @depends(Text, once) text: Remote<Text>,
    @depends(Binary, { ...once, useBinary: true }) binary: Remote<Binary>,
    @depends(NumbersAsJson, once) numbers: Remote<NumbersAsJson>,
    @depends(Items, once) items: Remote<Items>,
  ) {
    super();
    const load =
      <T>(input: () => T, call: (input: T) => Promise<unknown>) =>
      () => {
        const value = input();
        return () => call(value);
      };
    this.#loads = {
      small: load(payloads.small, (input) => small.runRemote(input)),
      objects: load(payloads.objects, (input) => objects.runRemote(input)),
      text: load(payloads.text, (input) => text.runRemote(input)),
      binary: load(
        () => ({ vector: NdArray.from(payloads.floats()) }),
        (input) => binary.runRemote(input),
      ),
      numbers: load(
        () => ({ vector: [...payloads.floats()] }),
        (input) => numbers.runRemote(input),
      ),
      stream: () => () => readAll(items.runRemote()),
    };
  }

  /** Answers with calls a second, or with the median of the microseconds that a call takes. */
  @endpoint({ input: Load, output: z.number() })
  async runRemote({ kind, measure, concurrency, count }: Input<typeof Load>): Promise<number> {
    const call = this.#loads[kind]();
    return measure === "latency" ? latency(call, { count }) : throughput(call, { concurrency, count });
  }
}

async function readAll(stream: AsyncIterable<string>): Promise<void> {
  let items = 0;
  for await (const _ of stream) items++;
  if (items !== STREAM_ITEMS) throw new Error(`${items} items came`);
}
