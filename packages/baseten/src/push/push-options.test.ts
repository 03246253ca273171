import { describe, expect, it } from "vitest";
import { resolvePush } from "./push-options.ts";

describe("the options of a push", () => {
  it.each([
    [{}, false, undefined],
    [{ promote: true }, false, "production"],
    [{ environment: "staging" }, false, "staging"],
    [{ draft: true }, true, undefined],
  ])("%j gives draft %s and environment %s", (options, isDraft, environment) => {
    expect(resolvePush(options)).toMatchObject({ isDraft, environment, notices: [] });
  });

  it("says that promote has no effect beside an environment", () => {
    expect(resolvePush({ promote: true, environment: "staging" })).toMatchObject({
      environment: "staging",
      notices: ["promote has no effect beside the environment staging."],
    });
  });

  it.each([
    [{ draft: true, promote: true }],
    [{ draft: true, environment: "staging" }],
    [{ draft: true, deploymentName: "x" }],
    [{ deploymentName: "a b" }],
    [{ environment: " " }],
  ])("%j is refused", (options) => {
    expect(() => resolvePush(options)).toThrow(expect.objectContaining({ code: "USAGE" }));
  });
});
