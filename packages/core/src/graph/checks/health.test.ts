import { expect, test } from "vitest";
import { Chainlet, ChainletBase, endpoint, TrussChainlet } from "../../index.ts";
import { checkChain } from "../check-chain.ts";
import { checkHealth } from "./health.ts";
import { Report } from "./report.ts";

abstract class Base extends ChainletBase {
  @endpoint()
  async runRemote() {}
}

test("isHealthy may be sync, async, or inherited", () => {
  @Chainlet()
  class Sync extends Base {
    isHealthy(): boolean {
      return true;
    }
  }
  @Chainlet()
  class Async extends Base {
    async isHealthy(): Promise<boolean> {
      return true;
    }
  }
  @Chainlet()
  class Inherits extends Sync {}
  expect([Sync, Async, Inherits].flatMap((cls) => checkChain(cls))).toEqual([]);
});

test("an isHealthy that is static, not a method, takes parameters, or yields is refused", () => {
  @Chainlet()
  class Static extends Base {
    static isHealthy() {
      return true;
    }
  }
  @Chainlet()
  class Getter extends Base {
    get isHealthy() {
      return true;
    }
  }
  @Chainlet()
  class Parameters extends Base {
    isHealthy(_deep: boolean) {
      return true;
    }
  }
  @Chainlet()
  class Yields extends Base {
    *isHealthy() {
      yield true;
    }
  }
  const problems = [Static, Getter, Parameters, Yields].flatMap((cls) => checkChain(cls));
  expect(problems).toMatchObject([
    { message: "isHealthy is static." },
    { message: "isHealthy is not a method." },
    { message: "isHealthy takes parameters." },
    { message: "isHealthy is a generator." },
  ]);
  for (const { code, fix, location } of problems) {
    expect(code).toBe("HEALTH_CHECK_INVALID");
    expect(fix).toBe("Write isHealthy(): boolean, sync or async.");
    expect(location?.member).toBe("isHealthy");
  }
});

test("a chainlet that runs elsewhere has no isHealthy of its own", () => {
  @Chainlet()
  class Whisper extends TrussChainlet({ trussDir: "./whisper" }) {
    isHealthy() {
      return true;
    }
  }
  const report = new Report(Whisper);
  checkHealth(Whisper, report);
  expect(report.problems).toMatchObject([
    { code: "HEALTH_CHECK_INVALID", message: "Whisper runs elsewhere: isHealthy is never called." },
  ]);
});
