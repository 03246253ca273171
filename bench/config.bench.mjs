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

function median(values) {
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
const here = (name) => fileURLToPath(new URL(`config/${name}`, import.meta.url));

function runProcess(command, args) {
  const start = performance.now();
  const { stdout, stderr, status } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`);
  return { stdout, time: performance.now() - start };
}

/** Validation alone, both warm; then a whole process each, with its start and imports. */
function againstTruss() {
  const peerName = "truss.TrussConfig.from_yaml";
  if (!python) console.error("config: CHAINS_TRUSS_PYTHON is not set, so there is no Truss to compare with");
  for (let pass = 0; pass < WARM_UP; pass++) ours();
  const warm = median(Array.from({ length: SAMPLES }, () => milliseconds(ours)));
  const warmPeer =
    python && median(JSON.parse(runProcess(python, [here("validate.py"), folder, "5"]).stdout)) * 1000;
  const ourProcess = () => runProcess(process.execPath, [here("validate.mjs"), folder]).time;
  const peerProcess = () => runProcess(python, [here("validate.py"), folder, "1"]).time;
  const whole = median([ourProcess(), ourProcess(), ourProcess()]);
  const wholePeer = python && median([peerProcess(), peerProcess(), peerProcess()]);
  return [
    row(peerName, warm, warmPeer ?? null, 20),
    { ...row(`${peerName}, whole process`, whole, wholePeer ?? null, null), samples: 3 },
  ];
}

function againstSchema() {
  const [oursTime, peer] = race(ours, yamlAndAjv());
  return row("yaml parse + ajv", oursTime, peer, 0.5);
}

export default { name: "config", run: async () => [...againstTruss(), againstSchema()] };
