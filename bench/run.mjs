// `npm run bench [-- NAME]`: runs the benchmarks of this folder, one line of JSON each on stdout, notes on stderr.
// A benchmark is a file `*.bench.mjs` that default-exports `{ name, run }`; `run` resolves to one row or several, or
// yields them: `{ name, unit, ours, peer, peerName, ratio, goal, samples }`, with `peer: null` where the peer is not
// installed. A row may have more fields.
import { readdirSync } from "node:fs";

const here = new URL("./", import.meta.url);
const FIELDS = ["name", "unit", "ours", "peer", "peerName", "ratio", "goal", "samples"];

const files = readdirSync(here, { recursive: true })
  .filter((file) => file.endsWith(".bench.mjs"))
  .sort();
const benchmarks = await Promise.all(files.map(async (file) => (await import(new URL(file, here))).default));

const wanted = process.argv[2] ?? "";
const chosen = benchmarks.filter(({ name }) => name.includes(wanted));
if (chosen.length === 0) {
  const known = benchmarks.map(({ name }) => name).join(", ") || "none yet";
  console.error(`No benchmark's name contains "${wanted}". There are: ${known}.`);
  process.exit(1);
}

// One after another: they would slow each other down.
for (const { name, run } of chosen) {
  console.error(`${name} …`);
  for await (const row of rowsOf(run())) {
    const line = Object.fromEntries(FIELDS.map((field) => [field, row[field] ?? null]));
    console.log(JSON.stringify({ ...line, ...row }));
  }
}

async function* rowsOf(result) {
  if (Symbol.asyncIterator in result) yield* result;
  else yield* [await result].flat();
}
