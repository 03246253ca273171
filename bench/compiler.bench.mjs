// How long a person waits: for a build of a large chain, and for one run of a small one.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const SAMPLES = 5;
const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));
const CLI = join(
  dirname(createRequire(import.meta.url).resolve("@truss-chains/cli/package.json")),
  "dist",
  "bin.js",
);

function chainOf(count) {
  const workers = Array.from({ length: count - 1 }, (_, index) => `Worker${index}`);
  return `import { Chainlet, ChainletBase, depends, endpoint, markEntrypoint, type Remote } from "truss-chains";
import { z } from "zod";
const Text = z.object({ text: z.string() });
${workers
  .map(
    (name) => `@Chainlet() export class ${name} extends ChainletBase {
  @endpoint({ input: Text, output: z.string() }) async runRemote({ text }: { text: string }) { return text + ${JSON.stringify(name)}; }
}`,
  )
  .join("\n")}
@markEntrypoint() @Chainlet() export class Main extends ChainletBase {
  constructor(${workers.map((name) => `@depends(${name}) readonly ${name.toLowerCase()}: Remote<${name}>`).join(", ")}) { super(); }
  @endpoint({ input: Text, output: z.string() }) async runRemote({ text }: { text: string }) { return text; }
}
`;
}

// More certificates cost every process of Node some 40 ms before it begins, which says nothing about what it runs.
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;

async function timed(args, cwd) {
  const started = performance.now();
  const child = spawn(process.execPath, args, { cwd, env, stdio: ["ignore", "ignore", "inherit"] });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}`);
  return performance.now() - started;
}

async function samplesOf(run) {
  const samples = [];
  for (let sample = 0; sample < SAMPLES; sample++) samples.push(Math.round(await run(sample)));
  return samples;
}

const median = (samples) => [...samples].sort((a, b) => a - b)[samples.length >> 1];

export default {
  name: "compiler",
  async run() {
    const root = mkdtempSync(join(tmpdir(), "chains-bench-"));
    try {
      symlinkSync(join(REPOSITORY, "node_modules"), join(root, "node_modules"));
      writeFileSync(join(root, "chain.ts"), chainOf(20));
      const build = await samplesOf((sample) => {
        mkdirSync(join(root, "out"), { recursive: true });
        return timed([CLI, "build", "chain.ts", "--out", join("out", String(sample)), "--quiet"], root);
      });
      const hello = join(REPOSITORY, "examples", "hello-world", "chain.ts");
      const run = await samplesOf(() =>
        timed([CLI, "run", hello, "--input", '{"maxValue": 3}', "--quiet"], root),
      );
      const node = await samplesOf(() => timed(["--eval", "0"], root));
      const floor = { peer: median(node), peerName: "node that runs nothing" };
      const row = (name, samples, goal) => ({
        name,
        unit: "ms",
        ours: median(samples),
        ...floor,
        ratio: round(median(samples) / floor.peer),
        goal,
        samples,
      });
      return [
        row("compiler: cold build of 20 chainlets", build, "under 2000 ms"),
        row("compiler: chains run on hello-world", run, null),
      ];
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  },
};

const round = (value) => Math.round(value * 100) / 100;
