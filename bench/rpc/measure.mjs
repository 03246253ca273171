/** Calls a second, with so many calls under way. */
export async function throughput(call, { concurrency, count }) {
  let left = count;
  const work = async () => {
    while (left-- > 0) await call();
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: concurrency }, work));
  return count / ((performance.now() - started) / 1000);
}

/** The median time of a call in microseconds, one at a time. */
export async function latency(call, { count }) {
  const times = [];
  for (let n = 0; n < count; n++) {
    const started = performance.now();
    await call();
    times.push((performance.now() - started) * 1000);
  }
  return median(times);
}

export function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

/** V8 goes on compiling what a call runs through for its first tens of thousands of calls. */
const WARM_UPS = 3;

/** Runs every contender in turn, again and again, so that a noisy moment hits all of them. Resolves with their results. */
export async function interleave(contenders, { samples }) {
  const results = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (let turn = 0; turn < WARM_UPS; turn++) for (const run of Object.values(contenders)) await run();
  for (let sample = 0; sample < samples; sample++) {
    for (const [name, run] of Object.entries(contenders)) results[name].push(await run());
  }
  return results;
}
