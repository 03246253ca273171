import { bareDispatch, barePool, bareRequest, ourStub, readSocket } from "./rpc/clients.mjs";
import { interleave, latency, throughput } from "./rpc/measure.mjs";
import { payloads, STREAM_ITEMS } from "./rpc/payloads.mjs";
import { startServer, startWorker, stopAll } from "./rpc/processes.mjs";

const SAMPLES = 5;
const python = process.env.CHAINS_TRUSS_PYTHON;

async function chainlet(kind) {
  const port = await startServer(process.execPath, "chainlet.mjs", [kind]);
  // It listens before it is ready to be called.
  while (!(await fetch(`http://127.0.0.1:${port}/ready`)).ok)
    await new Promise((resolve) => setTimeout(resolve, 20));
  return port;
}

function row(name, { unit, ours, peer, peerName, goal, ratio = ours / peer }) {
  const round = (value) => (value === null ? null : Number(value.toPrecision(4)));
  return {
    name,
    unit,
    ours: round(ours),
    peer: round(peer),
    peerName,
    ratio: peer === null ? null : round(ratio),
    goal,
    samples: SAMPLES,
  };
}

async function againstBare() {
  const bare = await startServer(process.execPath, "bare.mjs", ["http"]);
  const pool = barePool(bare);
  const rows = [];
  for (const [kind, label, count] of [
    ["small", "small JSON", 12_000],
    ["objects", "100 KB JSON", 400],
  ]) {
    const { value } = payloads[kind];
    const call = ourStub(await chainlet(kind));
    const load = { concurrency: 64, count };
    const { ours, request, dispatch } = await interleave(
      {
        ours: () => throughput(() => call(value), load),
        request: () => throughput(() => bareRequest(pool, value), load),
        dispatch: () => throughput(() => bareDispatch(pool, value), load),
      },
      { samples: SAMPLES },
    );
    const goals = kind === "small" ? [0.9, 0.75] : [0.85, null];
    const common = { unit: "calls/s", ours };
    rows.push(
      row(`rpc ${label}, 64 at a time`, {
        ...common,
        peer: request,
        peerName: "node:http + undici Pool.request",
        goal: goals[0],
      }),
    );
    rows.push(
      row(`rpc ${label}, 64 at a time`, {
        ...common,
        peer: dispatch,
        peerName: "node:http + undici dispatch",
        goal: goals[1],
      }),
    );
    if (kind !== "small") continue;
    const one = await interleave(
      {
        ours: () => latency(() => call(value), { count: 2_000 }),
        request: () => latency(() => bareRequest(pool, value), { count: 2_000 }),
      },
      { samples: SAMPLES },
    );
    rows.push(
      row("rpc small JSON, p50 of one at a time", {
        unit: "µs",
        ours: one.ours,
        peer: one.request,
        peerName: "node:http + undici Pool.request",
        goal: 1.25,
      }),
    );
  }
  await pool.close();
  return rows;
}

async function againstPython() {
  const kinds = [
    ["small", "small JSON", 6_000, 8],
    ["objects", "100 KB of objects", 200, 1],
    ["text", "100 KB of non-ASCII text", 400, 1],
    ["binary", "1 MB of float32, binary", 256, 1],
  ];
  if (!python)
    console.error("rpc: no Python peer, set CHAINS_TRUSS_PYTHON to a python that imports truss and fastapi.");
  const ask =
    python &&
    startWorker(python, "python_peer.py", ["call", await startServer(python, "python_peer.py", ["serve"])]);
  const rows = [];
  for (const [kind, label, count, goal] of kinds) {
    const { value, useBinary } = payloads[kind];
    const call = ourStub(await chainlet(kind), { useBinary });
    const contenders = { ours: () => throughput(() => call(value), { concurrency: 64, count }) };
    if (ask) contenders.peer = async () => Number(await ask(`${kind} 64 ${count}`));
    const { ours, peer = null } = await interleave(contenders, { samples: SAMPLES });
    rows.push(
      row(`rpc ${label} against Python`, {
        unit: "calls/s",
        ours,
        peer,
        peerName: "truss_chains stub and server",
        goal,
      }),
    );
  }
  return rows;
}

async function streams() {
  const pipe = await startServer(process.execPath, "bare.mjs", ["socket"]);
  const stub = ourStub(await chainlet("stream"), { stream: true });
  const perSecond = async (read) => {
    const started = performance.now();
    await read();
    return STREAM_ITEMS / ((performance.now() - started) / 1000);
  };
  const readStream = async () => {
    let items = 0;
    for await (const _ of stub({})) items++;
    if (items !== STREAM_ITEMS) throw new Error(`${items} items came`);
  };
  const { ours, peer } = await interleave(
    { ours: () => perSecond(readStream), peer: () => perSecond(() => readSocket(pipe)) },
    { samples: SAMPLES },
  );
  return row("rpc stream of 100,000 small items", {
    unit: "items/s",
    ours,
    peer,
    peerName: "raw socket pipe",
    goal: 0.7,
  });
}

async function binaryAgainstJson() {
  const binary = ourStub(await chainlet("binary"), { useBinary: true });
  const json = ourStub(await chainlet("numbers"));
  const { ours, peer } = await interleave(
    {
      ours: () => throughput(() => binary(payloads.binary.value), { concurrency: 4, count: 100 }),
      peer: () => throughput(() => json(payloads.numbers.value), { concurrency: 4, count: 8 }),
    },
    { samples: SAMPLES },
  );
  return row("rpc 1 MB of float32, binary", {
    unit: "calls/s",
    ours,
    peer,
    peerName: "our own JSON",
    goal: 10,
  });
}

export default {
  name: "rpc",
  async run() {
    const rows = [];
    for (const part of [againstBare, againstPython, streams, binaryAgainstJson]) {
      try {
        rows.push(...[await part()].flat());
      } finally {
        await stopAll();
      }
    }
    return rows;
  },
};
