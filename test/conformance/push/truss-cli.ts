import { spawn } from "node:child_process";
import { delimiter, dirname, join } from "node:path";

/** A Python that has the real Truss; tests that need it are skipped without it. */
export const trussPython = process.env.CHAINS_TRUSS_PYTHON;

/** What a run of the real `truss` command printed, and how it ended. */
export interface Ran {
  readonly code: number | null;
  readonly output: string;
}

const RUN = "from truss.cli.cli import truss_cli; truss_cli()";

/** Runs the real `truss` as a person whose home is given. */
export function truss(args: readonly string[], home: string): Promise<Ran> {
  const child = spawn(trussPython!, ["-c", RUN, ...args], {
    env: {
      // It starts tools that are installed beside it.
      PATH: `${dirname(trussPython!)}${delimiter}${process.env.PATH}`,
      HOME: home,
      // Where it generates code, under names that are always the same.
      TMPDIR: home,
      USER_TRUSSRC_PATH: join(home, ".trussrc"),
      TRUSS_NO_UPDATE_CHECK: "1",
      BASETEN_TRUSS_AUTH_KEYRING_DISABLED: "1",
      COLUMNS: "200",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
}
