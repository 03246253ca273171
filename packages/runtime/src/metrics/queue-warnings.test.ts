import { expect, test } from "vitest";
import { type OnQueue, warnOfQueue } from "./queue-warnings.ts";

const NOTHING = { queued() {}, started() {}, finished() {}, abandoned() {}, retrying() {} };
const OUTCOME = { status: 200, errorCode: undefined, durationMs: 1 };

function watched() {
  let time = 0;
  const warnings: Parameters<OnQueue>[] = [];
  const observer = warnOfQueue(
    "Embed",
    NOTHING,
    (...warning) => warnings.push(warning),
    () => time,
  );
  const call = (waitedMs: number): void => {
    observer.queued();
    observer.started(waitedMs);
    observer.finished(OUTCOME);
  };
  const pass = (ms: number): void => {
    time += ms;
  };
  return { observer, warnings, call, pass };
}

test("a tenth of the calls that wait is worth a warning, and says how many and for how long", () => {
  const { observer, warnings, call } = watched();
  observer.queued();
  for (let n = 0; n < 9; n++) call(0);
  expect(warnings).toEqual([]);
  observer.queued();
  observer.started(40);
  expect(warnings).toEqual([
    [
      expect.stringMatching(
        /^Calls to Embed wait for each other: 1 under way, 1 waiting\. Of the last 10, 1 waited/,
      ),
      { dependency: "Embed", ongoing: 1, waiting: 1, calls: 10, waited: 1, median_ms: 0, p90_ms: 40 },
    ],
  ]);
});

test("a warning is repeated after five minutes at the earliest", () => {
  const { warnings, call, pass } = watched();
  call(5);
  call(5);
  expect(warnings).toHaveLength(1);
  pass(299_999);
  call(5);
  expect(warnings).toHaveLength(1);
  pass(1);
  call(5);
  expect(warnings).toHaveLength(2);
});

test("calls of long ago do not count", () => {
  const { warnings, call, pass } = watched();
  for (let n = 0; n < 100; n++) call(5);
  pass(300_000);
  for (let n = 0; n < 1_000; n++) call(0);
  call(5);
  expect(warnings).toHaveLength(1);
});
