import { expect, test } from "vitest";
import { type OnQueue, warnOfQueues } from "./queue-warnings.ts";

const NOTHING = { queued() {}, started() {}, finished() {}, abandoned() {}, retrying() {} };
const OUTCOME = { status: 200, errorCode: undefined, durationMs: 1 };

function watched() {
  let time = 0;
  const warnings: Parameters<OnQueue>[] = [];
  const observer = warnOfQueues(
    NOTHING,
    (...warning) => warnings.push(warning),
    () => time,
  );
  const call = (dependency: string, waitedMs: number): void => {
    observer.queued(dependency);
    observer.started(dependency, waitedMs);
    observer.finished(dependency, OUTCOME);
  };
  const pass = (ms: number): void => {
    time += ms;
  };
  return { observer, warnings, call, pass };
}

test("a tenth of the calls that wait is worth a warning, and says how many and for how long", () => {
  const { observer, warnings, call } = watched();
  observer.queued("Embed");
  for (let n = 0; n < 9; n++) call("Embed", 0);
  expect(warnings).toEqual([]);
  observer.queued("Embed");
  observer.started("Embed", 40);
  expect(warnings).toEqual([
    [
      expect.stringMatching(
        /^Calls to Embed wait for each other: 1 under way, 1 waiting\. Of the last 10, 1 waited/,
      ),
      { dependency: "Embed", ongoing: 1, waiting: 1, calls: 10, waited: 1, median_ms: 0, p90_ms: 40 },
    ],
  ]);
});

test("a warning is repeated after five minutes at the earliest, for each dependency", () => {
  const { warnings, call, pass } = watched();
  call("Embed", 5);
  call("Embed", 5);
  call("Search", 5);
  expect(warnings).toHaveLength(2);
  pass(299_999);
  call("Embed", 5);
  expect(warnings).toHaveLength(2);
  pass(1);
  call("Embed", 5);
  expect(warnings).toHaveLength(3);
});

test("calls of long ago do not count", () => {
  const { warnings, call, pass } = watched();
  for (let n = 0; n < 100; n++) call("Embed", 5);
  pass(300_000);
  for (let n = 0; n < 1_000; n++) call("Embed", 0);
  call("Embed", 5);
  expect(warnings).toHaveLength(1);
});
