import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { freePort } from "../free-port.mjs";

const children = new Set();

async function accepts(port) {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Starts a server and resolves with its port once it takes connections. */
export async function startServer(command, script, args, env = {}) {
  const port = await freePort();
  const child = spawn(command, [script, ...args], {
    env: { ...process.env, ...env, PORT: String(port) },
    stdio: ["ignore", "ignore", "inherit"],
  });
  children.add(child);
  while (!(await accepts(port))) {
    if (child.exitCode !== null) throw new Error(`${script} ${args.join(" ")} ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return port;
}

/** A process that answers each line with a line. */
export function startWorker(command, script, args) {
  const child = spawn(command, [script, ...args], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  children.add(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async (line) => {
    child.stdin.write(`${line}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error(`${script} ended`);
    return value;
  };
}

export async function stopAll() {
  await Promise.all(
    [...children].map(async (child) => {
      if (child.exitCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    }),
  );
  children.clear();
}
