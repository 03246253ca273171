import { expect, test } from "vitest";
import { SOURCE_FACTS_KEY, type SourceFacts } from "../../describe/source-facts.ts";
import { Chainlet, ChainletBase, context, type DeploymentContext, endpoint } from "../../index.ts";
import { checkChain } from "../check-chain.ts";

const FACTS: SourceFacts = {
  file: "/project/chain.ts",
  line: 10,
  column: 1,
  members: { runRemote: { line: 20, column: 3 }, constructor: { line: 12, column: 3 } },
  constructorParameters: [
    { name: "deployment", decorated: true, line: 13, column: 5 },
    { name: "limit", decorated: false, line: 14, column: 5 },
  ],
  constructions: [
    { className: "Embed", member: "runRemote", line: 21, column: 19 },
    { className: "Date", member: "runRemote", line: 22, column: 12 },
  ],
};

@Chainlet()
class Embed extends ChainletBase {
  @endpoint()
  async runRemote() {}
}

@Chainlet()
class Search extends ChainletBase {
  constructor(
    @context() readonly deployment: DeploymentContext,
    readonly limit = 3,
  ) {
    super();
  }

  @endpoint()
  async runRemote() {}
}

Object.defineProperty(Search, Symbol.for(SOURCE_FACTS_KEY), { value: FACTS });

test("what only the source tells is reported where it is: names of parameters, chainlets made by hand", () => {
  expect(checkChain(Search, [Embed])).toEqual([
    {
      code: "PARAMETER_NOT_INJECTED",
      severity: "error",
      message: "The constructor parameter `limit` has no decorator, so nothing can be injected.",
      fix: "Put @depends(Chainlet), @context() or @resolver() before it, or remove it.",
      location: {
        file: "/project/chain.ts",
        line: 14,
        column: 5,
        className: "Search",
        member: "constructor",
      },
    },
    {
      code: "CHAINLET_INSTANTIATED",
      severity: "error",
      message: "Search constructs the chainlet Embed.",
      fix: "Take it as a constructor parameter: @depends(Embed) private readonly embed: Remote<Embed>.",
      location: { file: "/project/chain.ts", line: 21, column: 19, className: "Search", member: "runRemote" },
    },
  ]);
});
