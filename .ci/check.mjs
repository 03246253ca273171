// `npm run check [-- NAME…]`: every check that needs no test runner, one line each, with its output when it fails.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const env = {
  ...process.env,
  FORCE_COLOR: process.stdout.isTTY ? "1" : "0",
  PATH: `${join(root, "node_modules", ".bin")}${delimiter}${process.env.PATH}`,
};

/** First, alone: the others read what it emits. */
const BUILD = { name: "build", command: "npm run --silent build" };

const projects = readdirSync(root).filter((name) => existsSync(join(root, name, "tsconfig.json")));

const CHECKS = [
  ...projects.map((name) => ({ name: `types of ${name}`, command: `tsc -p ${name}` })),
  { name: "format and lint", command: "biome check --error-on-warnings ." },
  { name: "floors", command: "node .ci/floors.mjs" },
  { name: "unused code and dependencies", command: "knip --config .ci/knip.jsonc --no-progress" },
  { name: "packages as published", command: "node .ci/published.mjs" },
];

async function run({ name, command }) {
  const start = performance.now();
  const child = spawn(command, { cwd: root, env, shell: true, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  }
  const [code] = await once(child, "close");
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${code === 0 ? "ok    " : "FAILED"} ${name.padEnd(30)} ${seconds.padStart(6)} s`);
  if (code !== 0) console.log(`\n${output.trim()}\n`);
  return code === 0;
}

async function runAll(checks) {
  const queue = [...checks];
  const results = [];
  const worker = async () => {
    for (let check = queue.shift(); check; check = queue.shift()) results.push(await run(check));
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, worker));
  return results.every(Boolean);
}

const names = process.argv.slice(2);
const isChosen = ({ name }) => names.length === 0 || names.some((part) => name.includes(part));
const checks = CHECKS.filter(isChosen);
if (checks.length === 0 && !isChosen(BUILD)) {
  console.error(
    `No check is named ${names.join(" or ")}: ${[BUILD, ...CHECKS].map(({ name }) => name).join(", ")}.`,
  );
  process.exit(2);
}
const built = await run(BUILD);
process.exitCode = (await runAll(checks)) && built ? 0 : 1;
