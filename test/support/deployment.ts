import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { parseConfig } from "@truss-chains/config";
import { onTestFinished } from "vitest";
import { hasNginx, startProxy } from "./nginx.ts";

export interface Deployment {
  /** Where each chainlet's proxy listens, by class name: add a path of the platform. */
  readonly urls: Readonly<Record<string, string>>;
  /** What each chainlet's server wrote, by class name. */
  logs(chainlet: string): string;
  readonly processes: Readonly<Record<string, ChildProcess>>;
}

export interface DeploymentOptions {
  readonly secrets?: Readonly<Record<string, string>>;
}

/**
 * Deploys the output of `chains build` on this machine the way the platform does: the commands of the images, the files
 * that it mounts, a process per chainlet started with nothing but Node, and its reverse proxy in front.
 */
export async function deploy(out: string, { secrets = {} }: DeploymentOptions = {}): Promise<Deployment> {
  const root = await mkdtemp(join(tmpdir(), "chains-deploy-"));
  const manifest = JSON.parse(await readFile(join(out, "chain.json"), "utf8"));
  const chainlets: { name: string; display_name: string }[] = manifest.chainlets;
  const ports = await freePorts(chainlets.length * 2);
  const serverPort = (index: number): number => ports[index]!;
  const proxyPort = (index: number): number => (hasNginx ? ports[chainlets.length + index]! : ports[index]!);
  const predictPath = hasNginx ? "/v1/models/model:predict" : "/predict";
  const addresses = Object.fromEntries(
    chainlets.map(({ display_name }, index) => [
      display_name,
      { predict_url: `http://127.0.0.1:${proxyPort(index)}${predictPath}` },
    ]),
  );
  await mkdir(join(root, "config"));
  await mkdir(join(root, "secrets"));
  await writeFile(join(root, "config", "dynamic_chainlet_config"), JSON.stringify(addresses));
  for (const [name, value] of Object.entries({ baseten_chain_api_key: "key-of-the-test", ...secrets })) {
    await writeFile(join(root, "secrets", name), value);
  }
  const logs: Record<string, string> = {};
  const processes: Record<string, ChildProcess> = {};
  onTestFinished(async () => {
    await Promise.all(Object.values(processes).map(end));
    await rm(root, { recursive: true, force: true });
  });
  await Promise.all(chainlets.map(({ name }) => runImageCommands(join(out, name))));
  for (const [index, { name }] of chainlets.entries()) {
    const child = spawn(process.execPath, ["data/server.mjs"], {
      cwd: join(out, name),
      // Nothing of this process but the PATH: a server needs only Node and its mounts.
      env: {
        PATH: process.env["PATH"],
        PORT: String(serverPort(index)),
        CHAINS_APP_HOME: join(out, name),
        CHAINS_DYNAMIC_CONFIG_DIR: join(root, "config"),
        CHAINS_SECRETS_DIR: join(root, "secrets"),
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    logs[name] = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        logs[name] += text;
      });
    }
    processes[name] = child;
  }
  if (hasNginx) {
    const paths = { predict: "/predict", readiness: "/ready", liveness: "/live" };
    await startProxy(
      chainlets.map((_, index) => ({ listen: proxyPort(index), serverPort: serverPort(index), ...paths })),
    );
  }
  const urls = Object.fromEntries(
    chainlets.map(({ name }, index) => [name, `http://127.0.0.1:${proxyPort(index)}`]),
  );
  const readiness = hasNginx ? "/v1/models/model" : "/ready";
  await Promise.all(
    chainlets.map(({ name }) => ready(`${urls[name]}${readiness}`, processes[name]!, () => logs[name]!)),
  );
  return {
    urls: Object.fromEntries(Object.entries(urls).map(([name, url]) => [name, `${url}${predictPath}`])),
    logs: (chainlet) => logs[chainlet]!,
    processes,
  };
}

/** Runs the build commands of a truss as its image does, but for those that are not Node's. */
async function runImageCommands(directory: string): Promise<void> {
  const { config } = parseConfig(await readFile(join(directory, "config.yaml"), "utf8"));
  for (const command of config.build_commands) {
    const [program, script] = command.split(" ");
    if (program !== "node") continue;
    await promisify(execFile)(process.execPath, [script!.replace("/app/", `${directory}/`)]);
  }
}

async function ready(url: string, process: ChildProcess, log: () => string): Promise<void> {
  while (process.exitCode === null) {
    const answered = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (answered) return;
    await sleep(10);
  }
  throw new Error(`The server ended with ${process.exitCode}:\n${log()}`);
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(async (server) => {
      await once(server.listen(0, "127.0.0.1"), "listening");
      return (server.address() as { port: number }).port;
    }),
  );
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}
