import { AsyncLocalStorage } from "node:async_hooks";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { setAlarm } from "./alarm.ts";

/** Resolves with what rang, in order, when the last one has. */
function ringing(times: Readonly<Record<string, number>>, last: string): Promise<string[]> {
  const rung: string[] = [];
  return new Promise((resolve) => {
    for (const [name, ms] of Object.entries(times)) {
      setAlarm(ms, () => {
        rung.push(name);
        if (name === last) resolve(rung);
      });
    }
  });
}

test("alarms ring in the order of their times, in whatever order they were set", async () => {
  expect(await ringing({ third: 30, first: 1, second: 15 }, "third")).toEqual(["first", "second", "third"]);
});

test("what was called off does not ring, what was postponed rings later, and moments beyond a timer's reach wait", async () => {
  const rung: string[] = [];
  setAlarm(5, () => rung.push("called off")).cancel();
  const far = setAlarm(2 ** 40, () => rung.push("in 34 years"));
  const postponed = setAlarm(1, () => rung.push("postponed"));
  postponed.postpone(25);
  setAlarm(10, () => rung.push("on time"));
  await ringing({ end: 40 }, "end");
  far.cancel();
  expect(rung).toEqual(["on time", "postponed"]);
});

test("an alarm rings on behalf of nobody, not of the request during which the timer was made", async () => {
  const requests = new AsyncLocalStorage<string>();
  const seen = await requests.run(
    "a request",
    () => new Promise((resolve) => setAlarm(1, () => resolve(requests.getStore()))),
  );
  expect(seen).toBeUndefined();
});

test("an alarm keeps the process alive until it rings, and not when it was called off", async () => {
  const program = `
    import { setAlarm } from ${JSON.stringify(new URL("alarm.ts", import.meta.url).href.replace("/src/", "/dist/").replace(/ts$/, "js"))};
    setAlarm(600_000, () => console.log("called off")).cancel();
    setAlarm(20, () => console.log("rang"));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program]);
  expect(stdout).toBe("rang\n");
});
