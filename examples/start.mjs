// What `npm start` ends with: runs the first two examples and builds them, with the command that users install.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const cli = createRequire(import.meta.url).resolve("@truss-chains/cli/package.json");
const chains = join(dirname(cli), "dist", "bin.js");

const EXAMPLES = [
  { name: "hello-world", input: { maxValue: 3 } },
  { name: "poems", input: { words: ["sea", "rain"] } },
];

function run(args) {
  const { status, stdout } = spawnSync(process.execPath, [chains, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
  });
  if (status !== 0) process.exit(status ?? 1);
  return stdout.trim();
}

for (const { name, input } of EXAMPLES) {
  const source = join(here, name, "chain.ts");
  const out = join(here, "..", ".chains", name);
  console.log(`\n${name}`);
  console.log(`  input   ${JSON.stringify(input)}`);
  console.log(`  result  ${run(["run", source, "--input", JSON.stringify(input)])}`);
  const { trusses } = JSON.parse(run(["build", source, "--out", out, "--json"]));
  for (const [chainlet, directory] of Object.entries(trusses)) {
    console.log(`  truss   ${chainlet.padEnd(12)} ${relative(process.cwd(), directory)}`);
  }
}
