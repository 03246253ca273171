// Calls between built chainlets, against the least that node:http and undici can do, against the real Python stub and
// server, and against each other. Every contestant's client and server is a process of its own.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startChain } from "./rpc/built-chain.mjs";
import { interleave, median } from "./rpc/measure.mjs";
import { STREAM_ITEMS } from "./rpc/payloads.mjs";
import { startServer, startWorker, stopAll } from "./rpc/processes.mjs";

const SAMPLES = 7;
const python = process.env.CHAINS_TRUSS_PYTHON;
const ourFile = (name) => fileURLToPath(new URL(`rpc/${name}`, import.meta.url));

/** @param ours and `peer` are what each turn gave. */
function row(name, { unit, ours, peer, peerName, goal }) {
  const figure = (values) => (values === undefined ? null : Number(median(values).toPrecision(4)));
  return {
    name: `rpc ${name}`,
    unit,
    ours: figure(ours),
    peer: figure(peer),
    peerName,
    // Of turns that came one after the other: a machine that others use too changes its speed within a run.
    ratio: figure(peer?.map((value, turn) => ours[turn] / value)),
    goal,
    samples: ours.length,
  };
}

async function startBare() {
  const ports = [];
  for (const kind of ["http", "socket"])
    ports.push(await startServer(process.execPath, ourFile("bare-server.mjs"), [kind]));
  const ask = startWorker(process.execPath, ourFile("bare-caller.mjs"), ports);
  return async (client, { measure, kind, concurrency, count }) =>
    Number(await ask([client, measure, kind, concurrency, count].join(" ")));
}

async function startPython() {
  if (!python) {
    console.error("rpc: no Python peer, set CHAINS_TRUSS_PYTHON to a python that imports truss and fastapi.");
    return undefined;
  }
  const peer = ourFile("python_peer.py");
  const ask = startWorker(python, peer, ["call", await startServer(python, peer, ["serve"])]);
  return async ({ kind, concurrency, count }) => Number(await ask([kind, concurrency, count].join(" ")));
}

async function* againstBare(chain) {
  const bare = await startBare();
  for (const [kind, label, count, goals] of [
    ["small", "small JSON", 12_000, [0.9, 0.75]],
    ["objects", "100 KB JSON", 400, [0.85, null]],
  ]) {
    const load = { measure: "throughput", kind, concurrency: 64, count };
    const { ours, request, dispatch } = await interleave(
      {
        ours: () => chain(load),
        request: () => bare("request", load),
        dispatch: () => bare("dispatch", load),
      },
      { samples: SAMPLES },
    );
    const name = `${label}, 64 at a time`;
    const unit = "calls/s";
    const peerName = "node:http + undici";
    yield row(name, { unit, ours, peer: request, peerName: `${peerName} Pool.request`, goal: goals[0] });
    yield row(name, { unit, ours, peer: dispatch, peerName: `${peerName} dispatch`, goal: goals[1] });
  }

  const one = { measure: "latency", kind: "small", concurrency: 1, count: 2_000 };
  const times = await interleave(
    { ours: () => chain(one), peer: () => bare("request", one) },
    { samples: SAMPLES },
  );
  yield row("small JSON, p50 of one at a time", {
    unit: "µs",
    ...times,
    peerName: "node:http + undici Pool.request",
    goal: 1.25,
  });

  const toItems = (streamsPerSecond) => streamsPerSecond * STREAM_ITEMS;
  const whole = { measure: "throughput", concurrency: 1, count: 1 };
  const streams = await interleave(
    {
      ours: () => chain({ ...whole, kind: "stream" }),
      peer: () => bare("pipe", { ...whole, kind: "small" }),
    },
    { samples: SAMPLES },
  );
  yield row("stream of 100,000 small items", {
    unit: "items/s",
    ours: streams.ours.map(toItems),
    peer: streams.peer.map(toItems),
    peerName: "raw socket pipe",
    goal: 0.7,
  });
}

async function* againstPython(chain) {
  const peer = await startPython();
  for (const [kind, label, count, goal] of [
    ["small", "small JSON", 12_000, 8],
    ["objects", "100 KB of objects", 200, 1],
    ["text", "100 KB of non-ASCII text", 400, 1],
    ["binary", "1 MB of float32, binary", 256, 1],
  ]) {
    const load = { measure: "throughput", kind, concurrency: 64, count };
    const contestants = { ours: () => chain(load), ...(peer && { peer: () => peer(load) }) };
    const rates = await interleave(contestants, { samples: SAMPLES });
    yield row(`${label} against Python`, {
      unit: "calls/s",
      ...rates,
      peerName: "truss_chains stub and server",
      goal,
    });
  }
}

async function* binaryAgainstJson(chain) {
  const load = { measure: "throughput", concurrency: 4 };
  const rates = await interleave(
    {
      ours: () => chain({ ...load, kind: "binary", count: 100 }),
      peer: () => chain({ ...load, kind: "numbers", count: 8 }),
    },
    { samples: SAMPLES },
  );
  yield row("1 MB of float32, binary", { unit: "calls/s", ...rates, peerName: "our own JSON", goal: 10 });
}

export default {
  name: "rpc",
  async *run() {
    for (const part of [againstBare, againstPython, binaryAgainstJson]) {
      const directory = await mkdtemp(join(tmpdir(), "bench-rpc-"));
      try {
        yield* part(await startChain(directory));
      } finally {
        await stopAll();
        await rm(directory, { recursive: true, force: true });
      }
    }
  },
};
