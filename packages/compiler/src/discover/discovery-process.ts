import { type ChildProcess, fork } from "node:child_process";
import { createRequire } from "node:module";
import { ChainsError } from "@truss-chains/errors";
import { inTime } from "./in-time.ts";
import type { DiscoveryAnswer, DiscoveryRequest } from "./worker.ts";

// A process always runs the built package, also while this file itself is run from its source.
const PROGRAM = "@truss-chains/compiler/discovery-worker";

/** The process in which a chain's source is imported. */
export class DiscoveryProcess {
  readonly #source: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<never>;

  /** Starts it. It loads the SDK while this process gets the source ready for it. */
  constructor(source: string, signal: AbortSignal | undefined) {
    this.#source = source;
    this.#child = fork(createRequire(import.meta.url).resolve(PROGRAM), [source], {
      execArgv: ["--enable-source-maps"],
      // stdout is for results: what the source prints goes to stderr.
      stdio: ["ignore", 2, 2, "ipc"],
      killSignal: "SIGKILL",
      ...(signal && { signal }),
    });
    this.#ended = new Promise((_, reject) => {
      this.#child.once("error", reject);
      this.#child.once("exit", (code, killedBy) => reject(exitedEarly(source, code, killedBy)));
    });
    // Whoever asks is told.
    this.#ended.catch(() => {});
  }

  /** @throws ChainsError `SOURCE_THROWS` when the source ends the process, or takes too long. */
  async ask(request: DiscoveryRequest, timeoutSec: number): Promise<DiscoveryAnswer> {
    const answer = new Promise<DiscoveryAnswer>((resolve, reject) => {
      this.#child.once("message", (message) => resolve(message as DiscoveryAnswer));
      this.#child.send(request, (error) => error && reject(error));
    });
    return inTime(Promise.race([answer, this.#ended]), this.#source, timeoutSec);
  }

  end(): void {
    this.#child.kill("SIGKILL");
  }
}

function exitedEarly(source: string, code: number | null, signal: string | null): ChainsError {
  const how = signal ? `was killed by ${signal}` : `exited with code ${code}`;
  return new ChainsError("SOURCE_THROWS", `The process that imported ${source} ${how}.`, {
    fix: "Do not call process.exit() while the module loads.",
    location: { file: source },
  });
}
