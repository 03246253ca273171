import { z } from "zod";
import {
  Chainlet,
  ChainletBase,
  context,
  type DeploymentContext,
  depends,
  endpoint,
  type LazyDataResolver,
  markEntrypoint,
  type Remote,
  resolver,
} from "../index.ts";

@Chainlet()
export class RandInt extends ChainletBase {
  @endpoint({ input: z.object({ max: z.int() }), output: z.int() })
  async runRemote({ max }: { max: number }) {
    return max;
  }
}

@Chainlet()
export class Tokens extends ChainletBase {
  @endpoint({ input: z.object({ n: z.int() }), stream: z.string() })
  async *runRemote({ n }: { n: number }) {
    yield String(n);
  }
}

// What a constructor may ask for.

@markEntrypoint("Everything")
@Chainlet()
export class Everything extends ChainletBase {
  constructor(
    @depends(RandInt, { retries: 3, timeoutSec: 30 }) readonly randInt: Remote<RandInt>,
    @depends(Tokens) readonly tokens: Remote<Tokens>,
    @context() readonly deployment: DeploymentContext,
    @resolver() readonly weights: LazyDataResolver,
  ) {
    super();
  }

  @endpoint({ output: z.int() })
  async runRemote() {
    return this.randInt.runRemote({ max: 3 });
  }
}

@Chainlet()
export class Structural extends ChainletBase {
  constructor(@depends(RandInt) readonly dice: { runRemote(input: { max: number }): Promise<number> }) {
    super();
  }

  @endpoint()
  async runRemote() {}
}

// In a unit test, chainlets and plain objects are passed alike.
const deployment = {} as DeploymentContext;
const weights = {} as LazyDataResolver;
export const real = () => new Everything(new RandInt(), new Tokens(), deployment, weights);
export const fake = () =>
  new Everything(
    { runRemote: async () => 4 },
    {
      async *runRemote() {
        yield "";
      },
    },
    deployment,
    weights,
  );

// What does not compile.

export class WrongDependency extends ChainletBase {
  // @ts-expect-error the stub of RandInt is no Remote<Tokens>
  constructor(@depends(RandInt) readonly tokens: Remote<Tokens>) {
    super();
  }
}

export class ChainletItself extends ChainletBase {
  // @ts-expect-error a stub is injected, not the chainlet
  constructor(@depends(RandInt) readonly randInt: RandInt) {
    super();
  }
}

export class WrongContext extends ChainletBase {
  // @ts-expect-error the context is no Remote
  constructor(@context() readonly deployment: Remote<Tokens>) {
    super();
  }
}

export class WrongResolver extends ChainletBase {
  // @ts-expect-error the resolver is no context
  constructor(@resolver() readonly deployment: DeploymentContext) {
    super();
  }
}

export class OnAMethod extends ChainletBase {
  // @ts-expect-error only constructor parameters are injected
  async runRemote(@depends(RandInt) randInt: Remote<RandInt>) {
    await randInt.runRemote({ max: 1 });
  }
}

class Plain {
  foo() {}
}

export class DependsOnAPlainClass extends ChainletBase {
  // @ts-expect-error Plain is no chainlet
  constructor(@depends(Plain) readonly plain: unknown) {
    super();
  }
}

export class UnknownOption extends ChainletBase {
  // @ts-expect-error `retry` is no option
  constructor(@depends(RandInt, { retry: 3 }) readonly randInt: Remote<RandInt>) {
    super();
  }
}
