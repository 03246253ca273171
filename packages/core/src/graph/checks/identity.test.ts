import { expect, test } from "vitest";
import { Chainlet, ChainletBase, endpoint, RemoteConfig } from "../../index.ts";
import { checkChain } from "../check-chain.ts";
import type { CheckedClass } from "./report.ts";

const problemsOf = (cls: CheckedClass) => checkChain(cls).map(({ code, message }) => ({ code, message }));

test("a well-formed chainlet has no problems", () => {
  @Chainlet()
  class Search extends ChainletBase {
    @endpoint()
    async runRemote() {}
  }
  expect(problemsOf(Search)).toEqual([]);
});

test("a class without @Chainlet is told to add it", () => {
  class Search extends ChainletBase {
    @endpoint()
    async runRemote() {}
  }
  expect(checkChain(Search)).toMatchObject([
    {
      code: "CHAINLET_NOT_DECORATED",
      message: "Search is not decorated with @Chainlet().",
      fix: "Put @Chainlet() above class Search.",
      location: { className: "Search" },
    },
  ]);
});

test("a class that does not extend ChainletBase is refused", () => {
  // @ts-expect-error the compiler says so too
  @Chainlet()
  class Search {
    @endpoint()
    async runRemote() {}
  }
  expect(problemsOf(Search)).toEqual([
    { code: "CHAINLET_NOT_A_CLASS", message: "Search does not extend ChainletBase." },
  ]);
});

test("decorating a base class does not make a chainlet of what extends it", () => {
  @Chainlet()
  class Base extends ChainletBase {
    @endpoint()
    async runRemote() {}
  }
  class Derived extends Base {}
  expect(problemsOf(Base)).toEqual([]);
  expect(problemsOf(Derived)).toEqual([
    { code: "CHAINLET_NOT_DECORATED", message: "Derived is not decorated with @Chainlet()." },
  ]);
});

test("a class without a name is refused", () => {
  const Anonymous = (() => {
    return class extends ChainletBase {
      async runRemote() {}
    };
  })();
  endpoint()(Anonymous.prototype, "runRemote", {});
  Chainlet()(Anonymous);
  expect(problemsOf(Anonymous)).toEqual([
    { code: "CHAINLET_NAME_INVALID", message: "A chainlet has no class name." },
  ]);
});

function named(name: string): CheckedClass {
  @Chainlet({ remoteConfig: new RemoteConfig({ name }) })
  class Search extends ChainletBase {
    @endpoint()
    async runRemote() {}
  }
  return Search;
}

test.each(["search", "Search_2", "a", "-", "x".repeat(64)])("%j may be a display name", (name) => {
  expect(problemsOf(named(name))).toEqual([]);
});

test.each(["", "two words", "café", "a.b", "a/b", "name\n"])("%j may not be a display name", (name) => {
  expect(problemsOf(named(name))).toEqual([
    {
      code: "CHAINLET_NAME_INVALID",
      message: `The display name "${name}" does not match ^[a-zA-Z0-9_-]+$.`,
    },
  ]);
});

test("a class name that cannot be a display name needs one", () => {
  @Chainlet()
  class $earch extends ChainletBase {
    @endpoint()
    async runRemote() {}
  }
  expect(checkChain($earch)).toMatchObject([
    { code: "CHAINLET_NAME_INVALID", fix: "Use letters, digits, _ and - in RemoteConfig.name." },
  ]);
});

test("a display name of 65 characters is too long", () => {
  expect(checkChain(named("x".repeat(65)))).toMatchObject([
    { code: "CHAINLET_NAME_INVALID", message: expect.stringContaining("has 65 characters; 64 are allowed") },
  ]);
});
