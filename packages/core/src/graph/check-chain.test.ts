import { expect, test } from "vitest";
import {
  Chainlet,
  ChainletBase,
  depends,
  endpoint,
  markEntrypoint,
  type Remote,
  RemoteConfig,
} from "../index.ts";
import { chainClasses, checkChain } from "./check-chain.ts";
import type { CheckedClass } from "./checks/report.ts";

const problemsOf = (cls: CheckedClass, others: CheckedClass[] = []) =>
  checkChain(cls, others).map(({ code, message }) => `${code}: ${message}`);

abstract class Base extends ChainletBase {
  @endpoint()
  async runRemote() {}
}

/** A chainlet of this name that depends on these, in this order. */
function chainlet(
  name: string,
  dependencies: readonly CheckedClass[] = [],
  displayName?: string,
): CheckedClass {
  const cls = { [name]: class extends Base {} }[name]!;
  dependencies.forEach((target, index) => {
    depends(target as never)(cls, undefined, index as never);
  });
  Chainlet(displayName === undefined ? {} : { remoteConfig: new RemoteConfig({ name: displayName }) })(cls);
  return cls;
}

test("dependencies come before their dependants, each once, the entrypoint last", () => {
  const shared = chainlet("Shared");
  const left = chainlet("Left", [shared]);
  const right = chainlet("Right", [shared]);
  const top = chainlet("Top", [right, left]);
  expect(chainClasses(top).map((cls) => cls.name)).toEqual(["Shared", "Right", "Left", "Top"]);
  expect(problemsOf(top)).toEqual([]);
});

test("a circle of dependencies is drawn", () => {
  const first = chainlet("First");
  const second = chainlet("Second", [first]);
  depends(second as never)(first, undefined, 0 as never);
  const top = chainlet("Top", [second]);
  expect(checkChain(top)).toMatchObject([
    {
      code: "DEPENDENCY_CYCLE",
      message: "The dependencies form a circle: Second → First → Second.",
      fix: "Remove one of these @depends.",
      location: { className: "Second", member: "constructor" },
    },
  ]);
});

test("a chainlet that depends on itself is a circle of one", () => {
  const alone = chainlet("Alone");
  depends(alone as never)(alone, undefined, 0 as never);
  expect(problemsOf(alone)).toEqual(["DEPENDENCY_CYCLE: The dependencies form a circle: Alone → Alone."]);
});

test("two chainlets of one class name are refused", () => {
  const top = chainlet("Top", [chainlet("Twin"), chainlet("Twin")]);
  expect(problemsOf(top)).toEqual([
    expect.stringContaining(
      "CHAINLET_NAME_TAKEN: Two chainlets of the chain are named Twin; the other is at ",
    ),
  ]);
});

test("class names that differ in case only are refused: their trusses would be one directory on some disks", () => {
  const top = chainlet("Top", [chainlet("Embed"), chainlet("EMBED")]);
  expect(problemsOf(top)).toEqual([
    expect.stringMatching(/^CHAINLET_NAME_TAKEN: EMBED and Embed, at .* would share a directory/),
  ]);
});

test("display names are unique, also against class names", () => {
  const search = chainlet("Search");
  const top = chainlet("Top", [search, chainlet("Other", [], "Search")]);
  expect(problemsOf(top)).toEqual([
    expect.stringContaining('CHAINLET_NAME_TAKEN: The display name "Search" is also that of Search, at '),
  ]);
});

test("an empty name of the chain is refused", () => {
  const top = chainlet("Top");
  markEntrypoint(" ")(top);
  expect(problemsOf(top)).toEqual(["ENTRYPOINT_INVALID: The name of the chain is empty."]);
});

test("all problems of all chainlets are reported at once, in the order of the chain", () => {
  @Chainlet({ remoteConfig: new RemoteConfig({ name: "no spaces" }) })
  class Embed extends Base {}
  @Chainlet()
  class Rank extends ChainletBase {
    static isHealthy() {}
  }
  @Chainlet()
  class Search extends ChainletBase {
    constructor(
      @depends(Embed) readonly embed: Remote<Embed>,
      @depends(Rank as never) readonly rank: any,
      readonly more: string,
    ) {
      super();
    }
  }
  expect(checkChain(Search).map(({ code, location }) => `${location?.className} ${code}`)).toEqual([
    "Embed CHAINLET_NAME_INVALID",
    "Rank ENDPOINT_MISSING",
    "Rank HEALTH_CHECK_INVALID",
    "Search ENDPOINT_MISSING",
    "Search PARAMETER_NOT_INJECTED",
  ]);
});

test("chainlets of the same file that the chain does not reach are checked too", () => {
  @Chainlet()
  class Unused extends ChainletBase {}
  const top = chainlet("Top");
  expect(problemsOf(top, [Unused, top])).toEqual(["ENDPOINT_MISSING: Unused has no endpoint."]);
});

test("a chainlet may stand in the file under the name of one that the chain does not reach", () => {
  expect(problemsOf(chainlet("Top", [chainlet("Twin")]), [chainlet("Twin")])).toEqual([]);
});
