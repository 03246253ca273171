// How much of a download the resolver hides behind the imports of a process that is busy all the while.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { freshTarget, writeManifest } from "./contestants.mjs";
import { makeFiles, startOrigin } from "./origin.mjs";

const MiB = 1024 * 1024;
const BUSY_MS = 1500;

/** Seconds that a chainlet waits for 256 MiB after imports of 1.5 s, against waiting for them from the start. */
export async function measureHiddenTime(dir) {
  const www = join(dir, "www");
  const files = makeFiles(freshTarget(www), Array(4).fill(64 * MiB));
  const origin = await startOrigin(dir, www);
  if (origin === undefined) return [];
  try {
    const wait = async (busyMs) => {
      const target = freshTarget(join(dir, "target"));
      writeManifest(join(dir, "world"), { files, baseUrl: origin.urls.plain, target });
      return waitIn(dir, target, busyMs);
    };
    const [hidden, exposed] = [await wait(BUSY_MS), await wait(0)];
    return {
      name: "weights: waiting for 256 MiB after 1.5 s of imports, against waiting from the start",
      unit: "s",
      ours: hidden,
      peer: exposed,
      peerName: "awaited at once",
      ratio: Number((hidden / exposed).toPrecision(3)),
      goal: 1,
      samples: 1,
    };
  } finally {
    await origin.stop();
  }
}

const CHAINLET = `
import { startResolver } from ${JSON.stringify(new URL("../../packages/weights/dist/index.js", import.meta.url).href)};
const weights = startResolver();
const until = performance.now() + Number(process.argv[1]);
while (performance.now() < until);
const start = performance.now();
await weights.blockUntilDownloadComplete();
console.log((performance.now() - start) / 1000);
`;

function waitIn(dir, target, busyMs) {
  const env = {
    ...process.env,
    CHAINS_MANIFEST_ROOT: join(dir, "world"),
    CHAINS_WEIGHTS_ROOT: target,
    CHAINS_TRANSFER_STATS_FILE: join(dir, "stats.json"),
    TMPDIR: dir,
  };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", CHAINLET, String(busyMs)], {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.on("data", (text) => {
      output += text;
    });
    child.on("error", reject);
    child.on("close", () => resolve(Number(Number(output).toPrecision(3))));
  });
}
