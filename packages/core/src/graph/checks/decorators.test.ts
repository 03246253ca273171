import { expect, test } from "vitest";
import { Chainlet, ChainletBase, context, depends, endpoint, markEntrypoint, resolver } from "../../index.ts";
import { checkChain } from "../check-chain.ts";

// What the compiler refuses as well: JavaScript and a cast get past it.
const anywhere = (decorator: unknown) => decorator as (...args: any[]) => any;

test("a decorator on what it is not made for is told where it belongs", () => {
  @Chainlet()
  class Embed extends ChainletBase {
    @endpoint()
    async runRemote() {}
  }

  @anywhere(endpoint())
  @anywhere(depends(Embed))
  @Chainlet()
  class Search extends ChainletBase {
    @anywhere(depends(Embed))
    embed: unknown;

    @anywhere(Chainlet())
    @anywhere(markEntrypoint())
    @endpoint()
    async runRemote(@anywhere(resolver()) _weights?: any) {}

    static make(@anywhere(context()) _deployment: unknown) {}
  }

  expect(
    checkChain(Search).map(({ code, message, location }) => `${code} ${location?.member}: ${message}`),
  ).toEqual([
    "DEPENDENCY_INVALID embed: @depends() is on embed.",
    "DEPENDENCY_INVALID runRemote: @resolver() is on a parameter of runRemote.",
    "ENTRYPOINT_INVALID runRemote: @markEntrypoint() is on runRemote.",
    "CHAINLET_NOT_DECORATED runRemote: @Chainlet() is on runRemote.",
    "DEPENDENCY_INVALID make: @context() is on a parameter of make.",
    "DEPENDENCY_INVALID undefined: @depends() is on the class Search.",
    "ENDPOINT_MISPLACED undefined: @endpoint() is on the class Search.",
  ]);
});
