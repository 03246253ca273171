import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { parseConfig } from "@truss-chains/config";
import { ChainsError } from "@truss-chains/errors";
import { Ajv2020 } from "ajv/dist/2020.js";
import { parse } from "yaml";

const SAMPLES = 9;
const WARM_UP = 30;

/** Real configs where they are at hand, else those that the tests were written for. */
const folder = [
  new URL("../../shared/corpus/", import.meta.url),
  new URL("../test/conformance/config/seeds/", import.meta.url),
]
  .map((url) => fileURLToPath(url))
  .find((path) => existsSync(path));
const texts = readdirSync(folder)
  .filter((name) => name.endsWith(".yaml"))
  .map((name) => readFileSync(`${folder}${name}`, "utf8"));

function ours() {
  for (const text of texts) {
    try {
      parseConfig(text);
    } catch (error) {
      if (!(error instanceof ChainsError)) throw error;
    }
  }
}

function yamlAndAjv() {
  const schema = createRequire(import.meta.url)("@truss-chains/config/config.schema.json");
  const validate = new Ajv2020({ allErrors: true, strict: false }).compile(schema);
  return () => {
    for (const text of texts)
      validate(parse(text, { version: "1.1", merge: true, uniqueKeys: false, logLevel: "silent" }));
  };
}

function milliseconds(pass) {
  const start = performance.now();
  pass();
  return performance.now() - start;
}

/** Null where there are no values. */
function median(values) {
  if (values.length === 0) return null;
  return [...values].sort((left, right) => left - right)[values.length >> 1];
}

/** Takes turns, so that a busy moment of the machine slows down both. */
function race(left, right) {
  for (let pass = 0; pass < WARM_UP; pass++) {
    left();
    right();
  }
  const samples = Array.from({ length: SAMPLES }, () => [milliseconds(left), milliseconds(right)]);
  return [0, 1].map((side) => median(samples.map((sample) => sample[side])));
}

function row(peerName, oursTime, peer, goal) {
  const round = (value) => (value === null ? null : Number(value.toPrecision(4)));
  return {
    name: `config validation of ${texts.length} files`,
    unit: "ms",
    ours: round(oursTime),
    peer: round(peer),
    peerName,
    // Times as fast as the peer.
    ratio: peer === null ? null : round(peer / oursTime),
    goal,
    samples: SAMPLES,
  };
}

const python = process.env.CHAINS_TRUSS_PYTHON;
const ROUNDS = 3;
// Python is warm after its first pass, and takes as long for one as node does for twenty.
const OUR_PASSES = { command: process.execPath, script: "validate.mjs", warmUp: 80, passes: 25 };
const PEER_PASSES = { command: python, script: "validate.py", warmUp: 1, passes: 5 };
const once = (process) => ({ ...process, warmUp: 0, passes: 1 });

/** The time of each pass in a process of its own, and the time of the whole process. */
function runProcess({ command, script, warmUp, passes }) {
  const path = fileURLToPath(new URL(`config/${script}`, import.meta.url));
  const start = performance.now();
  const { stdout, stderr, status } = spawnSync(command, [path, folder, warmUp, passes].map(String), {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`);
  return { passes: JSON.parse(stdout), whole: performance.now() - start };
}

/** The processes take turns, as busy moments of the machine should slow down both. */
function rounds(ours, peer) {
  const runs = Array.from({ length: ROUNDS }, () => [
    runProcess(ours),
    python ? runProcess(peer) : undefined,
  ]);
  return [0, 1].map((side) => runs.map((run) => run[side]).filter((run) => run !== undefined));
}

function againstTruss() {
  const peerName = "truss.TrussConfig.from_yaml";
  if (!python) console.error("config: CHAINS_TRUSS_PYTHON is not set, so there is no Truss to compare with");
  const [ours, peer] = rounds(OUR_PASSES, PEER_PASSES).map((runs) => runs.flatMap(({ passes }) => passes));
  const [whole, wholePeer] = rounds(once(OUR_PASSES), once(PEER_PASSES)).map((runs) =>
    runs.map((run) => run.whole),
  );
  return [
    { ...row(peerName, median(ours), median(peer), 20), samples: ours.length },
    { ...row(`${peerName}, whole process`, median(whole), median(wholePeer), null), samples: ROUNDS },
  ];
}

function againstSchema() {
  const [oursTime, peer] = race(ours, yamlAndAjv());
  return row("yaml parse + ajv", oursTime, peer, 0.5);
}

export default { name: "config", run: async () => [...againstTruss(), againstSchema()] };
