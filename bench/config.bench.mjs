import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { parseConfig } from "@truss-chains/config";
import { ChainsError } from "@truss-chains/errors";
import { Ajv2020 } from "ajv/dist/2020.js";
import { parse } from "yaml";

const SAMPLES = 9;
const WARM_UP = 5;

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

function againstTruss() {
  const peerName = "truss.TrussConfig.from_yaml";
  for (let pass = 0; pass < WARM_UP; pass++) ours();
  const oursTime = median(Array.from({ length: SAMPLES }, () => milliseconds(ours)));
  const python = process.env.CHAINS_TRUSS_PYTHON;
  if (!python) {
    console.error("config: CHAINS_TRUSS_PYTHON is not set, so there is no Truss to compare with");
    return row(peerName, oursTime, null, 20);
  }
  const script = fileURLToPath(new URL("config/validate.py", import.meta.url));
  const { stdout, stderr, status } = spawnSync(python, [script, folder, "5"], { encoding: "utf8" });
  if (status !== 0) {
    console.error(`config: Truss did not run: ${stderr}`);
    return row(peerName, oursTime, null, 20);
  }
  return row(peerName, oursTime, median(JSON.parse(stdout)) * 1000, 20);
}

function againstSchema() {
  const [oursTime, peer] = race(ours, yamlAndAjv());
  return row("yaml parse + ajv", oursTime, peer, 0.5);
}

export default { name: "config", run: async () => [againstTruss(), againstSchema()] };
