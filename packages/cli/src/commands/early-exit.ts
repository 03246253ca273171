import { ChainsError } from "@truss-chains/errors";
import { EXIT } from "../exit-codes.ts";
import type { Terminal } from "../output/terminal.ts";

/**
 * Has a process that the chain's own code ends, by `process.exit()`, say so and fail: there is no result, whatever the
 * code.
 *
 * @returns what is called when the result is there.
 */
export function failOnEarlyExit(terminal: Terminal): () => void {
  const listener = (code: number): void => {
    const error = new ChainsError("CHAINLET_CRASHED", `The chain ended the process with code ${code}.`, {
      fix: "Do not call process.exit() in a chainlet: throw an error.",
    });
    if (terminal.json) terminal.writeJson({ error: error.toJSON() });
    // There is no time left to wait for anything.
    else terminal.error(`error [${error.code}] ${error.message}\nTry: ${error.fix}`);
    process.exitCode = EXIT.input;
  };
  process.once("exit", listener);
  return () => void process.off("exit", listener);
}
