import { DevSession } from "@truss-chains/dev";
import { expect, test } from "vitest";
import { IMPORTS, makeProject } from "../support/project.ts";

test("a chainlet that never becomes ready is named, and does not keep the session from ending", async () => {
  const project = await makeProject({
    "chain.ts": `${IMPORTS}
      @markEntrypoint() @Chainlet() export class Sleepy extends ChainletBase {
        isHealthy() { return false; }
        @endpoint() async runRemote() {} }`,
  });
  const slow: string[][] = [];
  let told = (): void => {};
  const reported = new Promise<void>((resolve) => {
    told = resolve;
  });
  const ignore = (): void => {};
  await using session = await DevSession.start(project.path("chain.ts"), {
    watch: false,
    slowStartMs: 50,
    reporter: {
      onLine: ignore,
      onState: ignore,
      onReload: ignore,
      onBroken: ignore,
      onMissingSecrets: ignore,
      onWeights: ignore,
      onForeign: ignore,
      onSlowStart: (names) => {
        slow.push([...names]);
        told();
      },
    },
  });
  const ready = session.ready();
  await reported;
  expect(slow[0]).toEqual(["Sleepy"]);
  await session.close();
  expect(await ready).toEqual({ Sleepy: "stopped" });
});
