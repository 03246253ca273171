// Rounds of contestants, all from the same state of the machine.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, renameSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { freshTarget } from "./contestants.mjs";
import { median, processorSeconds } from "./measure.mjs";

/**
 * Runs every contestant once a round, another one first in each. Before each run the target is empty, all that was
 * written is on the disk, and the source is in the page cache: nobody pays for who came before.
 *
 * @returns per contestant the medians of seconds, cpu and originCpu (seconds of all cores), and the peak of megabytes
 */
export async function runRounds(contestants, { rounds, source, target, origin }) {
  const names = Object.keys(contestants);
  const results = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + round) % names.length];
      settle(source, target);
      const before = originSeconds(origin);
      const result = await contestants[name]();
      const after = originSeconds(origin);
      results[name].push({ ...result, originCpu: before === null ? null : after - before });
    }
  }
  return Object.fromEntries(names.map((name) => [name, summarize(results[name])]));
}

/** Writing a file as large also gives a virtual machine the memory that its host took back since. */
function settle(source, target) {
  retire(target);
  const warm = join(freshTarget(target), "warm");
  execFileSync("sh", ["-c", 'cat "$0"/* > "$1"', source, warm]);
  truncateSync(warm);
  execFileSync("sync");
}

/**
 * Gives back the space of what was written, and keeps the empty files aside: for a minute, ext4 looks at every file that
 * was just deleted before it makes a new one, which took as long as fetching 2,000 of them.
 */
function retire(target) {
  if (!existsSync(target)) return;
  const entries = readdirSync(target, { recursive: true, withFileTypes: true });
  for (const entry of entries) if (entry.isFile()) truncateSync(join(entry.parentPath, entry.name));
  renameSync(target, mkdtempSync(`${target}-before-`));
}

/** The delay is made in this process, which does nothing else meanwhile. */
function originSeconds(origin) {
  const server = processorSeconds(origin.pid);
  const { user, system } = process.cpuUsage();
  return server === null ? null : server + (user + system) / 1e6;
}

function summarize(results) {
  const of = (field) => {
    const values = results.map((result) => result[field]);
    return values.includes(null) ? null : median(values);
  };
  return {
    seconds: of("seconds"),
    cpu: of("cpu"),
    originCpu: of("originCpu"),
    megabytes: Math.max(...results.map(({ megabytes }) => megabytes ?? 0)),
  };
}
