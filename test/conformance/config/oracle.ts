import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** What the real Truss makes of one config. */
export type Answer =
  | { readonly ok: true; readonly verbose: unknown; readonly minimal: unknown }
  | { readonly ok: false; readonly error: string };

/** The Python that has Truss; undefined where there is none, and then suites that need it are skipped. */
export const trussPython = process.env.CHAINS_TRUSS_PYTHON;

/** Asks the real Truss about many configs in one process. */
export function askTruss(texts: readonly string[]): Answer[] {
  return runPython<Answer>(
    "oracle.py",
    texts.map((yaml) => ({ yaml })),
  );
}

/** Feeds JSON lines to a script of this folder, and reads as many back. */
export function runPython<T>(script: string, inputs: readonly unknown[]): T[] {
  if (!trussPython) throw new Error("Set CHAINS_TRUSS_PYTHON to a Python that imports truss.");
  const { status, stdout, stderr } = spawnSync(
    trussPython,
    [fileURLToPath(new URL(script, import.meta.url))],
    {
      input: inputs.map((input) => `${JSON.stringify(input)}\n`).join(""),
      encoding: "utf8",
      maxBuffer: 1 << 30,
    },
  );
  if (status !== 0) throw new Error(`${script} failed:\n${stderr}`);
  const answers = stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as T);
  if (answers.length !== inputs.length)
    throw new Error(`${script} gave ${answers.length} answers of ${inputs.length}.`);
  return answers;
}
