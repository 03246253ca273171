import { expect, test } from "vitest";
import {
  Chainlet,
  ChainletBase,
  Compute,
  context,
  type DeploymentContext,
  depends,
  endpoint,
  isChainletClass,
  markEntrypoint,
  type Remote,
  RemoteConfig,
  RPCOptions,
} from "../index.ts";
import { constructAs } from "./construction.ts";
import { metadataOf } from "./metadata.ts";

@Chainlet()
class Embed extends ChainletBase {
  @endpoint()
  async runRemote() {}
}

test("decorators construct nothing and leave the class as it is", () => {
  let constructed = 0;
  @markEntrypoint()
  @Chainlet()
  class Search extends ChainletBase {
    constructor(
      @depends(Embed) readonly embed: Remote<Embed>,
      @context() readonly deployment: DeploymentContext,
    ) {
      super();
      constructed += 1;
    }
    @endpoint()
    async runRemote() {
      return undefined;
    }
  }
  expect(constructed).toBe(0);
  const embed = { runRemote: async () => {} };
  const search = new Search(embed, {} as DeploymentContext);
  expect(search.embed).toBe(embed);
  expect(Object.keys(Search)).toEqual([]);
});

test("only the decorated class is a chainlet, not what extends it", () => {
  class Derived extends Embed {}
  expect(isChainletClass(Embed)).toBe(true);
  expect(isChainletClass(Derived)).toBe(false);
  expect(isChainletClass(new Embed())).toBe(false);
  expect(isChainletClass(undefined)).toBe(false);
});

test("the mark of an entrypoint is not inherited", () => {
  @markEntrypoint("Base")
  @Chainlet()
  class Base extends ChainletBase {}
  @Chainlet()
  class Derived extends Base {}
  expect(metadataOf(Base)?.entrypoint).toEqual({ name: "Base" });
  expect(metadataOf(Derived)?.entrypoint).toBeUndefined();
});

test("the options of a dependency are checked where they are written", () => {
  expect(() => depends(Embed, { retries: -1 })).toThrow("RPCOptions.retries must be a whole number");
  expect(() => depends(Embed, { retrys: 2 } as never)).toThrow("RPCOptions.retrys is not a known field");
  expect(() => depends(Embed, new RPCOptions({ retries: 2 }))).not.toThrow();
});

test("a remoteConfig of another type is refused where it is written", () => {
  expect(() => Chainlet({ remoteConfig: new Compute() as never })).toThrow(
    "Chainlet.remoteConfig must be a RemoteConfig, got an instance of Compute.",
  );
  expect(() => Chainlet({ config: new RemoteConfig() } as never)).toThrow(
    "Chainlet.config is not a known field.",
  );
});

test("a test constructs chainlets, a chainlet that is constructed for its service and what runs for a call do not", () => {
  let serving = false;
  class Search extends Embed {
    readonly embed = new Embed();
  }
  expect(new Search().embed).toBeInstanceOf(Embed);
  expect(() =>
    constructAs(
      Search,
      () => serving,
      () => new Search(),
    ),
  ).toThrow("Search constructs the chainlet Embed.");
  expect(
    constructAs(
      Embed,
      () => serving,
      () => new Embed(),
    ),
  ).toBeInstanceOf(Embed);
  serving = true;
  expect(() => new Embed()).toThrow("The chain constructs the chainlet Embed.");
  serving = false;
  expect(new Embed()).toBeInstanceOf(Embed);
});

test("a class decorator without its parentheses is refused, as it would swallow the class", () => {
  expect(() => Chainlet(Embed as never)).toThrow("@Chainlet stands above Embed without parentheses.");
  expect(() => markEntrypoint(Embed as never)).toThrow(
    "@markEntrypoint stands above Embed without parentheses.",
  );
});
