import {
  Chainlet,
  ChainletBase,
  Compute,
  depends,
  endpoint,
  markEntrypoint,
  type Remote,
  RemoteConfig,
} from "truss-chains";
import { z } from "zod";

const RandIntInput = z.object({ maxValue: z.int().min(1) });

@Chainlet({ remoteConfig: new RemoteConfig({ compute: new Compute({ cpuCount: 1, memory: "512Mi" }) }) })
export class RandInt extends ChainletBase {
  @endpoint({ input: RandIntInput, output: z.int() })
  async runRemote({ maxValue }: z.output<typeof RandIntInput>): Promise<number> {
    return 1 + Math.floor(Math.random() * maxValue);
  }
}

const HelloInput = z.object({ maxValue: z.int().min(1).default(5) });

@markEntrypoint("Hello World")
@Chainlet()
export class HelloWorld extends ChainletBase {
  constructor(@depends(RandInt, { retries: 3 }) private readonly randInt: Remote<RandInt>) {
    super();
  }

  @endpoint({ input: HelloInput, output: z.string() })
  async runRemote({ maxValue }: z.output<typeof HelloInput>): Promise<string> {
    const times = await this.randInt.runRemote({ maxValue });
    return "Hello World! ".repeat(times).trim();
  }
}
