// Fetching weights from an nginx on the loopback, against curl, the real truss_transfer and cp. Sizes follow
// CHAINS_BENCH_BIG_MB (4096, in five files), CHAINS_BENCH_SMALL_FILES (2000 of 1 MiB) and CHAINS_BENCH_ROUNDS (5);
// CHAINS_BENCH_NETWORKS (plain,tls,delayed) takes fewer; CHAINS_BENCH_DIR is the disk that is written. Times are
// seconds, medians of rounds that start with another contestant each.
//
// `cpu`, `peerCpu` and `originCpu` are processor seconds of ours, the peer, and the origin while it served ours.
// `floor` is about the least time that the work takes here, from the same rounds: that of readers that throw the bytes
// away, or that of all cores busy with nothing but serving and reading the bytes (as those readers do), writing them (as
// cp does) and, where ours verifies, hashing them (as openssl does), whichever is more. A goal is out of reach where
// `floor / peer`, the `floorRatio`, is well above it. All of it is only worth something on a machine that is idle.
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import {
  freshTarget,
  hasCurl,
  hasRealTool,
  removeMountPoint,
  runCopy,
  runCopyAndSync,
  runCurl,
  runCurlAndHash,
  runDiscard,
  runHash,
  runOurs,
  runReal,
  writeManifest,
} from "./weights/contestants.mjs";
import { measureHiddenTime } from "./weights/hidden-time.mjs";
import { makeFiles, startOrigin } from "./weights/origin.mjs";
import { runRounds } from "./weights/rounds.mjs";

const MiB = 1024 * 1024;
const number = (name, fallback) => Number(process.env[name] ?? fallback);
const BIG_MB = number("CHAINS_BENCH_BIG_MB", 4096);
const SMALL_FILES = number("CHAINS_BENCH_SMALL_FILES", 2000);
const ROUNDS = number("CHAINS_BENCH_ROUNDS", 5);
const NETWORKS = (process.env.CHAINS_BENCH_NETWORKS ?? "plain,tls,delayed").split(",");

const CURL_AND_HASH = "curl -Z, then openssl";
const COPY_AND_SYNC = "cp, then sync";
/** Those who only copy leave it to the system to write their files to the disk some time; ours are on it at the end. */
const GOALS = { truss_transfer: 1, [CURL_AND_HASH]: 1 / 1.4, "curl -Z": 1.2, cp: 1.2 };
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

async function* compare(dir, { label, sizes }) {
  const source = join(dir, "www");
  const files = makeFiles(freshTarget(source), sizes);
  const origin = await startOrigin(dir, source);
  if (origin === undefined) {
    console.error("weights: nginx is not installed, so there is nothing to fetch from.");
    return;
  }
  try {
    for (const network of NETWORKS) yield* onNetwork({ dir, source, files, origin, network, label });
  } finally {
    await origin.stop();
  }
}

async function* onNetwork({ dir, source, files, origin, network, label }) {
  const baseUrl = origin.urls[network];
  const around = {
    world: join(dir, "world"),
    source,
    target: join(dir, "target"),
    files,
    baseUrl,
    authority: origin.authority,
  };
  writeManifest(around.world, around);
  const contestants = {
    ours: () => runOurs(around),
    "ours, unverified": () => runOurs(around, { CHAINS_TRANSFER_VERIFY: "0" }),
    ...(hasCurl && {
      "curl -Z": () => runCurl(around),
      [CURL_AND_HASH]: () => runCurlAndHash(around),
      discard: () => runDiscard(around),
      hash: () => runHash(files, source),
    }),
    ...(hasRealTool && { truss_transfer: () => runReal(around) }),
    cp: () => runCopy(around),
    [COPY_AND_SYNC]: () => runCopyAndSync(around),
  };
  const results = await runRounds(contestants, { rounds: ROUNDS, ...around, origin });
  const title = `weights: ${label}, ${network === "delayed" ? "50 ms before each answer" : network}`;
  const against = (peerName, name) => {
    const how = name === "ours" ? "verified" : "unverified";
    return row(`${title}, ${how} against ${peerName}`, {
      ours: results[name],
      peer: results[peerName],
      peerName,
      floor: floorOf(results, how === "verified"),
    });
  };
  yield against("curl -Z", "ours");
  yield against(CURL_AND_HASH, "ours");
  yield against("truss_transfer", "ours");
  yield against("cp", "ours, unverified");
  yield against(COPY_AND_SYNC, "ours, unverified");
  yield {
    name: `${title}, peak memory`,
    unit: "MB",
    ours: round(results.ours.megabytes),
    goal: MEMORY_GOAL_MB,
    samples: ROUNDS,
  };
}

function floorOf({ discard, hash, cp }, verified) {
  if (discard === undefined || discard.cpu === null || discard.originCpu === null) return null;
  const work = discard.cpu + discard.originCpu + cp.cpu + (verified ? hash.cpu : 0);
  return Math.max(discard.seconds, work / availableParallelism());
}

function row(name, { ours, peer, peerName, floor }) {
  const against = (seconds) =>
    peer === undefined || seconds === null ? null : round(seconds / peer.seconds);
  return {
    name,
    unit: "s",
    ours: round(ours.seconds),
    peer: round(peer?.seconds),
    peerName,
    ratio: against(ours.seconds),
    goal: round(GOALS[peerName]),
    samples: ROUNDS,
    cpu: round(ours.cpu),
    peerCpu: round(peer?.cpu),
    originCpu: round(ours.originCpu),
    floor: round(floor),
    floorRatio: against(floor),
  };
}

function round(value) {
  return value === undefined || value === null ? null : Number(value.toPrecision(4));
}

async function* run() {
  if (!hasCurl) console.error("weights: curl is not installed.");
  if (!hasRealTool) {
    console.error("weights: the real truss_transfer needs CHAINS_TRUSS_PYTHON, root and unshare.");
  }
  const dir = mkdtempSync(join(process.env.CHAINS_BENCH_DIR ?? tmpdir(), "chains-bench-weights-"));
  try {
    for (const tree of trees()) yield* compare(dir, tree);
    yield await measureHiddenTime(dir);
  } finally {
    removeMountPoint();
    rmSync(dir, { recursive: true, force: true });
  }
}

export default { name: "weights", run };
