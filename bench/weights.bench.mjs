// Fetching weights from an nginx on the loopback, against curl, the real truss_transfer and cp. Sizes follow
// CHAINS_BENCH_BIG_MB (4096, in five files), CHAINS_BENCH_SMALL_FILES (2000 of 1 MiB) and CHAINS_BENCH_ROUNDS (5);
// CHAINS_BENCH_DIR is the disk that is written. Times are seconds, medians of interleaved rounds.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  freshTarget,
  hasCurl,
  hasRealTool,
  removeMountPoint,
  runCopy,
  runCurl,
  runCurlAndHash,
  runOurs,
  runReal,
  writeManifest,
} from "./weights/contestants.mjs";
import { measureHiddenTime } from "./weights/hidden-time.mjs";
import { makeFiles, startOrigin } from "./weights/origin.mjs";

const MiB = 1024 * 1024;
const number = (name, fallback) => Number(process.env[name] ?? fallback);
const BIG_MB = number("CHAINS_BENCH_BIG_MB", 4096);
const SMALL_FILES = number("CHAINS_BENCH_SMALL_FILES", 2000);
const ROUNDS = number("CHAINS_BENCH_ROUNDS", 5);

const GOALS = { truss_transfer: 1, "curl -Z, then openssl": 1 / 1.4, "curl -Z": 1.2, cp: 1.2 };
const MEMORY_GOAL_MB = 200;

function trees() {
  const share = Math.floor((BIG_MB * MiB) / 8);
  const big = [4 * share, share, share, share, share];
  return [
    ...(BIG_MB > 0 ? [{ label: `${BIG_MB} MiB in 5 files`, sizes: big }] : []),
    ...(SMALL_FILES > 0
      ? [{ label: `${SMALL_FILES} files of 1 MiB`, sizes: Array(SMALL_FILES).fill(MiB) }]
      : []),
  ];
}

async function compare(dir, { label, sizes }) {
  const www = join(dir, "www");
  const files = makeFiles(freshTarget(www), sizes);
  const origin = await startOrigin(dir, www);
  if (origin === undefined) {
    console.error("weights: nginx is not installed, so there is nothing to fetch from.");
    return [];
  }
  const rows = [];
  try {
    for (const network of ["plain", "tls", "delayed"]) {
      rows.push(...(await onNetwork({ dir, www, files, origin, network, label })));
    }
  } finally {
    await origin.stop();
  }
  return rows;
}

async function onNetwork({ dir, www, files, origin, network, label }) {
  const { authority } = origin;
  const baseUrl = origin.urls[network];
  const world = join(dir, "world");
  const target = () => freshTarget(join(dir, "target"));
  const fetchOurs = (settings) => {
    const to = target();
    writeManifest(world, { files, baseUrl, target: to });
    return runOurs(world, to, authority, settings);
  };
  const contestants = {
    ours: () => fetchOurs({}),
    "ours, unverified": () => fetchOurs({ CHAINS_TRANSFER_VERIFY: "0" }),
    ...(hasCurl && {
      "curl -Z": () => runCurl(files, baseUrl, target(), authority),
      "curl -Z, then openssl": () => runCurlAndHash(files, baseUrl, target(), authority),
    }),
    ...(hasRealTool && {
      truss_transfer: () => {
        const to = target();
        writeManifest(world, { files, baseUrl, target: to });
        return runReal(world, to, authority);
      },
    }),
    cp: () => runCopy(www, target()),
  };
  const results = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, run] of Object.entries(contestants)) results[name].push(await run());
  }
  const seconds = (name) => results[name] && median(results[name].map((result) => result.seconds));
  const title = `weights: ${label}, ${network === "delayed" ? "50 ms before each answer" : network}`;
  const against = (peerName, ours, suffix) =>
    row(`${title}, ${suffix} against ${peerName}`, {
      ours: seconds(ours),
      peer: seconds(peerName) ?? null,
      peerName,
      goal: GOALS[peerName],
    });
  const peak = Math.max(...results.ours.map(({ megabytes }) => megabytes ?? 0));
  return [
    against("curl -Z", "ours", "verified"),
    against("curl -Z, then openssl", "ours", "verified"),
    against("truss_transfer", "ours", "verified"),
    against("cp", "ours, unverified", "unverified"),
    {
      ...row(`${title}, peak memory`, { ours: peak, peer: null, peerName: null, goal: MEMORY_GOAL_MB }),
      unit: "MB",
    },
  ];
}

function row(name, { ours, peer, peerName, goal }) {
  const round = (value) => (value === null ? null : Number(value.toPrecision(4)));
  return {
    name,
    unit: "s",
    ours: round(ours),
    peer: round(peer),
    peerName,
    ratio: peer === null ? null : round(ours / peer),
    goal: round(goal),
    samples: ROUNDS,
  };
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

async function run() {
  if (!hasCurl) console.error("weights: curl is not installed.");
  if (!hasRealTool) {
    console.error("weights: the real truss_transfer needs CHAINS_TRUSS_PYTHON, root and unshare.");
  }
  const dir = mkdtempSync(join(process.env.CHAINS_BENCH_DIR ?? tmpdir(), "chains-bench-weights-"));
  try {
    const rows = [];
    for (const tree of trees()) rows.push(...(await compare(dir, tree)));
    rows.push(await measureHiddenTime(dir));
    return rows;
  } finally {
    removeMountPoint();
    rmSync(dir, { recursive: true, force: true });
  }
}

export default { name: "weights", run };
