// What a program takes: wall time, processor time of its whole process tree and of the origin meanwhile, peak memory.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

const GNU_TIME = "/usr/bin/time";
const timed = existsSync(GNU_TIME);
const TICKS_PER_SECOND = 100;

/**
 * Runs a program to its end.
 *
 * @returns seconds, cpu (seconds of all cores) and megabytes; the latter two are `null` without GNU time
 */
export function runProgram(command, args, { env = process.env } = {}) {
  const [program, all] = timed ? [GNU_TIME, ["-f", "used %U %S %M", command, ...args]] : [command, args];
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(program, all, { env, stdio: ["ignore", "ignore", "pipe"] });
    let errors = "";
    child.stderr.on("data", (text) => {
      errors += text;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      const seconds = (performance.now() - start) / 1000;
      const [, user, system, kilobytes] = /used ([\d.]+) ([\d.]+) (\d+)/.exec(errors) ?? [];
      if (code !== 0) reject(new Error(`${command} exits with ${code}: ${errors}`));
      else if (user === undefined) resolve({ seconds, cpu: null, megabytes: null });
      else {
        resolve({
          seconds,
          cpu: Number(user) + Number(system),
          megabytes: (Number(kilobytes) * 1024) / 1e6,
        });
      }
    });
  });
}

/** Runs programs at once. @returns as {@link runProgram}, for all together */
export async function runTogether(programs) {
  const start = performance.now();
  const results = await Promise.all(programs.map(([command, args]) => runProgram(command, args)));
  return sum(results, (performance.now() - start) / 1000);
}

/** What programs took one after another, or together in the seconds given. */
export function sum(results, seconds = results.reduce((total, result) => total + result.seconds, 0)) {
  const cpu = results.some((result) => result.cpu === null)
    ? null
    : results.reduce((total, result) => total + result.cpu, 0);
  return { seconds, cpu, megabytes: Math.max(...results.map(({ megabytes }) => megabytes ?? 0)) };
}

/** Processor seconds that a process and its children have taken so far; `null` where the system does not tell. */
export function processorSeconds(pid) {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
    let ticks = 0;
    for (const id of [pid, ...children.filter(Boolean)]) {
      // The name, in parentheses, may contain anything.
      const fields = readFileSync(`/proc/${id}/stat`, "utf8").split(") ").at(-1).split(" ");
      ticks += Number(fields[11]) + Number(fields[12]);
    }
    return ticks / TICKS_PER_SECOND;
  } catch {
    return null;
  }
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
