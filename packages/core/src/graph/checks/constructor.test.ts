import { expect, test } from "vitest";
import {
  Chainlet,
  ChainletBase,
  context,
  type DeploymentContext,
  DockerServerChainlet,
  depends,
  endpoint,
  type LazyDataResolver,
  type Remote,
  resolver,
} from "../../index.ts";
import { checkChain } from "../check-chain.ts";
import type { CheckedClass } from "./report.ts";

const problemsOf = (cls: CheckedClass) => checkChain(cls).map(({ code, message }) => `${code}: ${message}`);

@Chainlet()
class Embed extends ChainletBase {
  @endpoint()
  async runRemote() {}
}

/** A chainlet with an endpoint, so that only its constructor can be wrong. */
abstract class Base extends ChainletBase {
  @endpoint()
  async runRemote() {}
}

test("dependencies, the context and the resolver may come in any order", () => {
  @Chainlet()
  class Search extends Base {
    constructor(
      @resolver() readonly weights: LazyDataResolver,
      @context() readonly deployment: DeploymentContext,
      @depends(Embed) readonly embed: Remote<Embed>,
    ) {
      super();
    }
  }
  expect(problemsOf(Search)).toEqual([]);
});

test("a parameter without a decorator is named by its position", () => {
  @Chainlet()
  class Search extends Base {
    constructor(
      @depends(Embed) readonly embed: Remote<Embed>,
      readonly limit: number,
    ) {
      super();
    }
  }
  expect(checkChain(Search)).toMatchObject([
    {
      code: "PARAMETER_NOT_INJECTED",
      message: "Constructor parameter 2 has no decorator, so nothing can be injected.",
      fix: "Put @depends(Chainlet), @context() or @resolver() before it, or remove it.",
      location: { className: "Search", member: "constructor" },
    },
  ]);
});

test("every undecorated parameter is reported", () => {
  @Chainlet()
  class Search extends Base {
    constructor(
      readonly first: string,
      readonly second: string,
    ) {
      super();
    }
  }
  expect(problemsOf(Search)).toHaveLength(2);
});

test("the same dependency twice is refused", () => {
  @Chainlet()
  class Search extends Base {
    constructor(
      @depends(Embed) readonly one: Remote<Embed>,
      @depends(Embed, { retries: 2 }) readonly two: Remote<Embed>,
    ) {
      super();
    }
  }
  expect(problemsOf(Search)).toEqual([
    "DEPENDENCY_DUPLICATE: Embed is injected twice, the second time as constructor parameter 2.",
  ]);
});

test("two decorators on one parameter are refused", () => {
  @Chainlet()
  class Search extends Base {
    constructor(@depends(Embed) @context() readonly both: any) {
      super();
    }
  }
  expect(problemsOf(Search)).toEqual([
    "DEPENDENCY_INVALID: Constructor parameter 1 has 2 injecting decorators.",
  ]);
});

class Plain {
  async runRemote() {}
}

test.each([
  ["a class that is not a chainlet", Plain, "Plain, which is not a chainlet."],
  ["a string", "Embed", "a value of type string, which is not a chainlet."],
  ["null", null, "null, which is not a chainlet."],
  ["a class that is declared below", undefined, "undefined: the class is used before it is defined."],
])("depending on %s is refused", (_, target, message) => {
  @Chainlet()
  class Search extends Base {
    constructor(@depends(target as never) readonly one: any) {
      super();
    }
  }
  expect(problemsOf(Search)).toEqual([
    `DEPENDENCY_INVALID: @depends of constructor parameter 1 is ${message}`,
  ]);
});

test("depending on a chainlet without @Chainlet says what to put where", () => {
  class Undecorated extends Base {}
  @Chainlet()
  class Search extends Base {
    constructor(@depends(Undecorated) readonly one: Remote<Undecorated>) {
      super();
    }
  }
  expect(checkChain(Search)).toMatchObject([
    { code: "CHAINLET_NOT_DECORATED", fix: "Put @Chainlet() above class Undecorated." },
  ]);
});

test("a decorator on a method's parameter injects nothing, and says so", () => {
  @Chainlet()
  class Search extends ChainletBase {
    @endpoint()
    // @ts-expect-error the compiler says so too
    async runRemote(@depends(Embed) _embed?: any) {}
  }
  expect(checkChain(Search)).toMatchObject([
    {
      code: "DEPENDENCY_INVALID",
      message: "@depends() is on a parameter of runRemote.",
      location: { member: "runRemote" },
    },
  ]);
});

test("a chainlet inherits its parent's constructor and what is injected there", () => {
  @Chainlet()
  class Parent extends Base {
    constructor(@depends(Embed) readonly embed: Remote<Embed>) {
      super();
    }
  }
  @Chainlet()
  class Child extends Parent {}
  @Chainlet()
  class WithItsOwn extends Parent {
    constructor(
      @context() readonly deployment: DeploymentContext,
      @depends(Embed) embed: Remote<Embed>,
    ) {
      super(embed);
    }
  }
  expect([...problemsOf(Child), ...problemsOf(WithItsOwn)]).toEqual([]);
});

test("nothing can be injected into a chainlet that runs elsewhere", () => {
  @Chainlet()
  class Vllm extends DockerServerChainlet({
    image: "vllm/vllm-openai:v0.9.0",
    startCommand: "vllm serve m",
    serverPort: 8000,
    predictEndpoint: "/v1/completions",
  }) {
    constructor(@depends(Embed) readonly embed: Remote<Embed>) {
      super();
    }
  }
  @Chainlet()
  class Search extends Base {
    constructor(@depends(Vllm) readonly vllm: Remote<Vllm>) {
      super();
    }
  }
  expect(problemsOf(Search)).toEqual([
    "DEPENDENCY_INVALID: Vllm runs elsewhere: nothing can be injected into it.",
  ]);
});
