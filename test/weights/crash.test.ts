import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { finishedRanges } from "./support/journal.ts";
import { Origin, serveRange } from "./support/origin.ts";
import { machine, runProgram } from "./support/peer-process.ts";
import { readTree, temporaryDirectory } from "./support/temp.ts";
import { pointer, random } from "./support/transfer.ts";

const MiB = 1024 * 1024;
const CRASHES = 20;

test("killed at twenty random moments, a transfer never fetches a finished range again", {
  timeout: 120_000,
}, async () => {
  const dir = await temporaryDirectory();
  const origin = await Origin.start();
  const contents = { "m/one": random(100 * MiB), "m/two": random(80 * MiB), "m/three": random(3 * MiB) };
  const pointers = Object.entries(contents).map(([name, content]) =>
    pointer(name, origin.add(`/${name}`, content), content),
  );
  const env = await machine(dir, { pointers, models: null });
  let whole = 0;
  // So many ranges are served in full, the others up to some point: there is something left to do after each crash.
  origin.misbehave = (request, response, content) => {
    if (whole-- > 0) return false;
    const { start, end } = request.range!;
    response.writeHead(206, {
      "content-range": `bytes ${start}-${end - 1}/${content.length}`,
      "content-length": end - start,
    });
    response.write(content.subarray(start, start + Math.floor(Math.random() * (end - start))));
    return true;
  };
  const run = async (started?: Parameters<typeof runProgram>[2]) => {
    const finished = await finishedRanges(dir, pointers);
    const asked = origin.requests.length;
    const ended = await runProgram([join(dir, "target")], env, started);
    for (const { path, range } of origin.requests.slice(asked)) {
      const overlap = finished.filter(
        (done) => done.path === path && done.start < range!.end && done.end > range!.start,
      );
      expect(overlap).toEqual([]);
    }
    return { ended, finished: finished.length };
  };

  for (let crash = 0; crash < CRASHES; crash++) {
    whole = crash % 2;
    const before = (await finishedRanges(dir, pointers)).length;
    const asked = origin.requests.length;
    // Every other time somewhere after a range has been finished, else somewhere after the first request.
    const reached = async () =>
      crash % 2 === 1
        ? (await finishedRanges(dir, pointers)).length > before
        : origin.requests.length > asked;
    const { ended } = await run(async (child) => {
      while (child.exitCode === null && !(await reached())) await setTimeout(5);
      await setTimeout(Math.random() * 50);
      child.kill("SIGKILL");
    });
    expect(ended.signal).toBe("SIGKILL");
  }
  origin.misbehave = (...request) => {
    serveRange(...request);
    return true;
  };
  const { ended, finished } = await run();
  expect(ended).toMatchObject({ code: 0 });
  expect(finished).toBeGreaterThan(0);
  const tree = await readTree(join(dir, "target"));
  expect(Object.keys(tree).sort()).toEqual(Object.keys(contents).sort());
  for (const [name, content] of Object.entries(contents)) expect(content.equals(tree[name]!)).toBe(true);
});
