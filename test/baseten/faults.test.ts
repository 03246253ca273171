import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { push } from "@truss-chains/baseten";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Recorded } from "./fake/fake-baseten.ts";
import { Scene, SMALL_CHAIN } from "./scene.ts";

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.set({ "chain.ts": SMALL_CHAIN });
});
afterEach(() => scene[Symbol.asyncDispose]());

const isDeploy = ({ operation }: Recorded) => operation === "deploy_chain_atomic";
const deployments = () => scene.fake.platform.deployments;

/** Trouble for the first so many requests that fit. */
function times<T>(count: number, fits: (request: Recorded) => boolean, trouble: T) {
  let left = count;
  return (request: Recorded) => (fits(request) && left-- > 0 ? trouble : undefined);
}

describe("when Baseten has trouble, a push", () => {
  it.each([
    ["answers 503 to reads", { status: 503 }],
    ["loses connections before it reads", { lose: "before" as const }],
    ["breaks off in the middle of answers", { halfAnAnswer: true as const }],
    ["wants fewer requests", { status: 429 }],
  ])("that %s for a while ends well, with one deployment", async (_, trouble) => {
    const left = new Map<string, number>();
    scene.fake.trouble = (request) => {
      if (isDeploy(request)) return undefined;
      const count = left.get(request.operation ?? request.path) ?? 2;
      left.set(request.operation ?? request.path, count - 1);
      return count > 0 ? trouble : undefined;
    };
    await push(scene.source, scene.options());
    expect(deployments()).toHaveLength(1);
  });

  it("that never answers properly ends with what it answered", async () => {
    scene.fake.trouble = ({ operation }) => (operation === "teams" ? { status: 502 } : undefined);
    await expect(push(scene.source, scene.options())).rejects.toMatchObject({
      code: "API_FAILED",
      blame: "remote",
      message: expect.stringMatching(/answered POST \/graphql\/ with status 502 \(5 attempts\)/),
    });
    expect(deployments()).toHaveLength(0);
  });

  it.each([
    ["a lost answer", { lose: "after" as const }],
    ["half an answer", { halfAnAnswer: true as const }],
  ])("takes up the deployment of which it got %s", async (_, trouble) => {
    scene.fake.trouble = times(1, isDeploy, trouble);
    const deployment = await push(scene.source, scene.options());
    expect(deployments().map(({ id }) => id)).toEqual([deployment.deploymentId]);
    expect(deployment.hostname).toBe(scene.fake.platform.chains[0]!.hostname);
    expect(scene.fake.requests.filter(isDeploy)).toHaveLength(1);
  });

  it.each([
    ["loses the connection", { lose: "before" as const }],
    ["answers 500", { status: 500 }],
  ])(
    "says that nobody knows when the deployment itself %s, and the next push makes it, once",
    async (_, trouble) => {
      scene.fake.trouble = times(1, isDeploy, trouble);
      await expect(push(scene.source, scene.options())).rejects.toMatchObject({
        code: "DEPLOY_UNCERTAIN",
        fix: expect.stringContaining("Push again"),
      });
      const uploads = scene.fake.s3.calls.length;
      await push(scene.source, scene.options());
      expect(deployments()).toHaveLength(1);
      expect(scene.fake.s3.calls).toHaveLength(uploads);
    },
  );

  it("that was accepted without our hearing of it is taken up by the next push", async () => {
    // The deployment is made, but cannot be seen for as long as the first push looks.
    const hidden = ({ operation }: Recorded) => operation === "chains";
    let isHidden = false;
    scene.fake.trouble = (request) => {
      if (isDeploy(request)) {
        isHidden = true;
        return { lose: "after" };
      }
      return isHidden && hidden(request) ? { graphqlError: "try later" } : undefined;
    };
    await expect(push(scene.source, scene.options())).rejects.toMatchObject({ code: "DEPLOY_UNCERTAIN" });
    scene.fake.trouble = () => undefined;
    const deployment = await push(scene.source, scene.options());
    expect(deployments().map(({ id }) => id)).toEqual([deployment.deploymentId]);
    expect(scene.events).toContainEqual({
      type: "notice",
      message: expect.stringContaining("it is taken up"),
    });
  });

  it("tells of the earlier deployment when the source has changed since, and makes a further one", async () => {
    let isHidden = false;
    scene.fake.trouble = (request) => {
      if (isDeploy(request)) isHidden = true;
      if (isDeploy(request)) return { lose: "after" };
      return isHidden && request.operation === "chains" ? { graphqlError: "try later" } : undefined;
    };
    await expect(push(scene.source, scene.options())).rejects.toMatchObject({ code: "DEPLOY_UNCERTAIN" });
    scene.fake.trouble = () => undefined;
    await scene.write({ "chain.ts": SMALL_CHAIN.replace("a + b", "b + a") });
    const deployment = await push(scene.source, scene.options());
    expect(deployments()).toHaveLength(2);
    expect(scene.fake.platform.chains).toHaveLength(1);
    expect(deployments()[1]!.id).toBe(deployment.deploymentId);
    expect(scene.events).toContainEqual({
      type: "notice",
      message: expect.stringContaining("has changed since"),
    });
  });

  it("does not take a deployment to one environment for one to another", async () => {
    await push(scene.source, scene.options());
    const [chain] = scene.fake.platform.chains;
    chain!.environments.set("staging", undefined);
    let isHidden = false;
    scene.fake.trouble = (request) => {
      if (isDeploy(request)) isHidden = true;
      if (isDeploy(request)) return { lose: "after" };
      return isHidden && request.operation === "chains" ? { graphqlError: "try later" } : undefined;
    };
    await expect(push(scene.source, scene.options({ environment: "staging" }))).rejects.toMatchObject({
      code: "DEPLOY_UNCERTAIN",
    });
    scene.fake.trouble = () => undefined;
    const { deploymentId } = await push(scene.source, scene.options({ promote: true }));
    expect(deployments()).toHaveLength(3);
    expect(chain!.environments.get("production")).toBe(deploymentId);
    expect(chain!.environments.get("staging")).toBe(deployments()[1]!.id);
  });

  it("passes a refusal on in Baseten's words, and deploys nothing", async () => {
    scene.fake.trouble = times(1, isDeploy, { graphqlError: "Your plan allows no more chains." });
    await expect(push(scene.source, scene.options())).rejects.toMatchObject({
      code: "DEPLOY_REJECTED",
      message: expect.stringContaining("Your plan allows no more chains."),
    });
    expect(deployments()).toHaveLength(0);
  });

  it("with a key that is refused says so without showing it", async () => {
    scene.fake.trouble = () => ({ status: 401, body: `{"message": "bad key ${scene.fake.apiKey}"}` });
    const error = await push(scene.source, scene.options()).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "API_KEY_REFUSED" });
    expect(JSON.stringify(error) + error.stack).not.toContain(scene.fake.apiKey);
  });
});

describe("two pushes at once", () => {
  it("on one machine: the second is told of the first", async () => {
    let goOn = () => {};
    const until = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    // Whichever has the lock is held here, with it.
    scene.fake.trouble = ({ operation }) => (operation === "truss_validation" ? { until } : undefined);
    const pushes = [push(scene.source, scene.options()), push(scene.source, scene.options())];
    const refused = await Promise.race(pushes).catch((thrown) => thrown);
    expect(refused).toMatchObject({ code: "PUSH_IN_PROGRESS" });
    goOn();
    await Promise.allSettled(pushes);
    expect(deployments()).toHaveLength(1);
  });

  it("on two machines: one chain, with both deployments", async () => {
    await using other = await Scene.set({ "chain.ts": SMALL_CHAIN });
    await scene.fake.writeHome(other.home);
    await Promise.all([push(scene.source, scene.options()), push(other.source, other.options())]);
    expect(scene.fake.platform.chains).toHaveLength(1);
    expect(deployments()).toHaveLength(2);
  });

  it("when someone else makes the chain in the very moment before ours: it joins that chain", async () => {
    let isMade = false;
    scene.fake.trouble = (request) => {
      if (isDeploy(request) && !isMade) {
        isMade = true;
        const { platform } = scene.fake;
        platform.chains.push({
          id: "theirs",
          name: "Sums",
          hostname: `${scene.fake.url}/chain-theirs.host`,
          team: platform.teams[0]!,
          deployments: [],
          environments: new Map([["production", undefined]]),
        });
      }
      return undefined;
    };
    const deployment = await push(scene.source, scene.options());
    expect(deployment.chainId).toBe("theirs");
    expect(scene.fake.platform.chains).toHaveLength(1);
  });
});

describe("when Baseten takes requests and never answers, a push", () => {
  const patient = () => scene.options({ http: { retryDelayMs: 1, timeoutMs: 500 } });

  it("asks again", async () => {
    const silent = new Set<string>();
    scene.fake.trouble = (request) => {
      const what = request.operation ?? request.path;
      if (isDeploy(request) || silent.has(what)) return undefined;
      silent.add(what);
      return { silence: "before" };
    };
    await push(scene.source, patient());
    expect(deployments()).toHaveLength(1);
    expect(silent).toContain("model_s3_upload_credentials");
  });

  it("says so after five attempts", async () => {
    scene.fake.trouble = () => ({ silence: "before" });
    await expect(push(scene.source, patient())).rejects.toMatchObject({
      code: "API_FAILED",
      message: expect.stringMatching(/gave no answer to POST \/graphql\/: it took too long \(5 attempts\)/),
    });
  });

  it("takes up the deployment that was made in silence", async () => {
    scene.fake.trouble = times(1, isDeploy, { silence: "after" as const });
    const deployment = await push(scene.source, patient());
    expect(deployments().map(({ id }) => id)).toEqual([deployment.deploymentId]);
    expect(scene.fake.requests.filter(isDeploy)).toHaveLength(1);
  });

  it("sends the archives that S3 did not read again", async () => {
    const stalled = new Set<string>();
    scene.fake.s3.trouble = ({ method, key }) => {
      if (method !== "PUT" || stalled.has(key)) return undefined;
      stalled.add(key);
      return { stallAfterBytes: 1000 };
    };
    await push(scene.source, patient());
    expect(stalled.size).toBe(3);
    expect(deployments()).toHaveLength(1);
  });

  it("ends at once when it is interrupted, and deploys nothing", async () => {
    const aborter = new AbortController();
    scene.fake.trouble = () => {
      aborter.abort();
      return { silence: "before" };
    };
    await expect(push(scene.source, scene.options({ signal: aborter.signal }))).rejects.toMatchObject({
      code: "INTERRUPTED",
      message: "The push was stopped; nothing was deployed.",
    });
  });
});

describe("a push that is interrupted", () => {
  it("at any request, and then repeated, makes one chain with one deployment", {
    timeout: 180_000,
  }, async () => {
    await push(scene.source, scene.options());
    const requests = scene.fake.requests.length;
    const deployedAt = scene.fake.requests.findIndex(isDeploy) + 1;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: requests }),
        fc.constantFrom("before", "after"),
        async (at, lose) => {
          await using fresh = await Scene.set({ "chain.ts": SMALL_CHAIN });
          const aborter = new AbortController();
          let count = 0;
          fresh.fake.trouble = () => {
            count += 1;
            if (count < at) return undefined;
            aborter.abort();
            return { lose: lose as "before" | "after" };
          };
          const first = await push(fresh.source, fresh.options({ signal: aborter.signal })).catch(
            (thrown) => thrown,
          );
          expect(first.code).toMatch(/^(API_FAILED|DEPLOY_UNCERTAIN|INTERRUPTED)$/);
          fresh.fake.trouble = () => undefined;
          await push(fresh.source, fresh.options());
          expect(fresh.fake.platform.chains).toHaveLength(1);
          // Once Baseten had answered, the first push was complete, and the second is a push of its own.
          expect(fresh.fake.platform.deployments).toHaveLength(at > deployedAt ? 2 : 1);
        },
      ),
      { numRuns: 6 },
    );
  });

  it("leaves neither a lock nor a directory behind", async () => {
    scene.fake.trouble = ({ operation }) => (operation === "truss_validation" ? { status: 500 } : undefined);
    await expect(push(scene.source, scene.options())).rejects.toMatchObject({ code: "API_FAILED" });
    const left = await readdir(join(scene.home, ".local/state/truss-chains/pushes"));
    expect(left.filter((name) => name.endsWith(".lock"))).toEqual([]);
  });
});
