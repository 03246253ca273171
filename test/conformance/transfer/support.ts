import { execFile, execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A Python that imports truss, truss_transfer and huggingface_hub; set in `CHAINS_TRUSS_PYTHON`. */
export const python = process.env["CHAINS_TRUSS_PYTHON"];

if (python === undefined) {
  console.warn(
    "Skipped: comparing with the real tools needs CHAINS_TRUSS_PYTHON, the path of a python with truss.",
  );
}

/** Whether this process may give another one its own /etc/hosts: the real tool's addresses are fixed. */
export const canUnshare =
  process.getuid?.() === 0 &&
  existsSync("/usr/bin/unshare") &&
  (() => {
    try {
      execFileSync("unshare", ["--mount", "true"]);
      return true;
    } catch {
      return false;
    }
  })();

/** Runs a Python program; what it prints as JSON on the last line is the result. */
export async function runPython(code: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
  const { stdout } = await run(python!, ["-c", code, ...args], {
    env: { ...process.env, ...env },
    maxBuffer: 256 * 1024 * 1024,
  });
  return JSON.parse(stdout.trim().split("\n").at(-1)!);
}
