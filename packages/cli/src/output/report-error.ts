import type { ChainsError } from "@truss-chains/errors";
import { exitCodeOf } from "../exit-codes.ts";
import { renderError } from "./render-error.ts";
import type { Terminal } from "./terminal.ts";

/** Tells why a command failed, people or machines; resolves with the exit status. */
export async function reportError(error: ChainsError, terminal: Terminal): Promise<number> {
  if (terminal.json) terminal.writeJson({ error: error.toJSON() });
  else terminal.error(await renderError(error, terminal));
  return exitCodeOf(error);
}
