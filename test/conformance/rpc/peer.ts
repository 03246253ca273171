import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A Python that imports truss, fastapi, uvicorn, aiohttp, msgpack and msgpack-numpy. */
export const python = process.env.CHAINS_TRUSS_PYTHON;

if (!python) {
  console.warn("Conformance with Python is skipped: set CHAINS_TRUSS_PYTHON to a python that imports truss.");
}

/** The real package in a process of its own. */
export class PythonPeer {
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess, port: string) {
    this.#process = child;
    this.url = `http://127.0.0.1:${port}`;
  }

  static async start(): Promise<PythonPeer> {
    const script = fileURLToPath(new URL("peer.py", import.meta.url));
    const child = spawn(python!, [script], { stdio: ["pipe", "pipe", "inherit"] });
    const lines = createInterface({ input: child.stdout! });
    const first = once(lines, "line") as Promise<[string]>;
    const exit = once(child, "exit").then(([code]) => {
      throw new Error(`The Python peer ended with code ${code} before it was ready.`);
    });
    const [port] = await Promise.race([first, exit]);
    exit.catch(() => {});
    return new PythonPeer(child, port);
  }

  /** Lets the Python stub call an address, and tells what came of it. */
  async call(inputs: Record<string, unknown>, headers: Record<string, string> = {}): Promise<any> {
    const response = await fetch(`${this.url}/call`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(inputs),
    });
    return response.json();
  }

  async stop(): Promise<void> {
    const exit = once(this.#process, "exit");
    this.#process.stdin!.end();
    await exit;
  }
}
