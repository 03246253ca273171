import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Manifest, renderManifest, transferProgram } from "@truss-chains/weights";

/** The bundled program, as it is put into images. */
export const PROGRAM = transferProgram()!;

/** Puts a manifest where the program looks for it, below `dir`. @returns the environment that makes it look there */
export async function machine(dir: string, manifest: Manifest): Promise<NodeJS.ProcessEnv> {
  await mkdir(join(dir, "static-bptr"), { recursive: true });
  await writeFile(join(dir, "static-bptr", "static-bptr-manifest.json"), renderManifest(manifest));
  return {
    PATH: process.env["PATH"],
    CHAINS_MANIFEST_ROOT: dir,
    CHAINS_WEIGHTS_ROOT: join(dir, "model_cache"),
    CHAINS_SECRETS_DIR: join(dir, "secrets"),
    CHAINS_TRANSFER_STATS_FILE: join(dir, "stats.json"),
    TMPDIR: dir,
  };
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the program; `started` may do something to it while it runs. */
export async function runProgram(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  started: (child: ChildProcess) => void | Promise<void> = () => {},
): Promise<Ended> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (text) => {
    stdout += text;
  });
  child.stderr.on("data", (text) => {
    stderr += text;
  });
  const interfering = started(child);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  await interfering;
  return ended;
}
