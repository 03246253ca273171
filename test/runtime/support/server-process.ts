import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** One line of a server's log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly msg: string; readonly level: string };

/** A chainlet's server in a process of its own. */
export class ServerProcess implements AsyncDisposable {
  readonly process: ChildProcess;
  readonly lines: LogLine[] = [];
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  readonly #waiters = new Set<() => void>();

  constructor(file: string, env: Readonly<Record<string, string>>, args: readonly string[] = []) {
    this.process = spawn(process.execPath, [...args, file], {
      env: { PATH: process.env.PATH!, PORT: "0", CHAINS_HOST: "127.0.0.1", ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.exited = once(this.process, "exit").then(([code, signal]) => ({ code, signal }));
    createInterface({ input: this.process.stdout! }).on("line", (line) => {
      this.lines.push(JSON.parse(line));
      for (const waiter of this.#waiters) waiter();
    });
    this.process.once("exit", () => {
      for (const waiter of this.#waiters) waiter();
    });
  }

  /** Resolves with the base URL once calls are taken; rejects when the process ends before. */
  async ready(): Promise<string> {
    const line = await this.line(/is ready on port/);
    return `http://127.0.0.1:${line.port}`;
  }

  /** The first line with such a message, as soon as there is one. */
  async line(message: RegExp): Promise<LogLine> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = this.lines.find(({ msg }) => message.test(msg));
        if (!found && this.process.exitCode === null && this.process.signalCode === null) return;
        this.#waiters.delete(look);
        if (found) resolve(found);
        else reject(new Error(`The server ended without ${message}: ${JSON.stringify(this.lines, null, 1)}`));
      };
      this.#waiters.add(look);
      look();
    });
  }

  stop(signal: NodeJS.Signals): void {
    this.process.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill("SIGKILL");
    await this.exited;
  }
}
