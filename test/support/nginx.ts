import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";

const NGINX = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/bin/nginx"].find((path) => existsSync(path));

/** Whether nginx is installed; tests that need it are skipped without. Debian: `apt-get install nginx`. */
export const hasNginx = NGINX !== undefined;

/** What the platform's proxy forwards to. */
export interface ProxiedServer {
  readonly listen: number;
  readonly serverPort: number;
  readonly predict: string;
  readonly readiness: string;
  readonly liveness: string;
}

/** Starts the platform's reverse proxy for each server: the routes that a docker_server truss has in its image. */
export async function startProxy(servers: readonly ProxiedServer[]): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), "chains-nginx-"));
  await writeFile(join(root, "nginx.conf"), config(root, servers));
  const nginx = spawn(NGINX!, ["-c", join(root, "nginx.conf"), "-p", root, "-e", join(root, "error.log")], {
    stdio: "inherit",
  });
  onTestFinished(async () => {
    await end(nginx);
    await rm(root, { recursive: true, force: true });
  });
  await Promise.all(servers.map(({ listen }) => listening(listen)));
}

function config(root: string, servers: readonly ProxiedServer[]): string {
  const user =
    process.getuid?.() === 0 ? `user ${execFileSync("id", ["-un"], { encoding: "utf8" }).trim()};` : "";
  return `daemon off; worker_processes 1; ${user} pid ${root}/nginx.pid; error_log ${root}/error.log;
    events { worker_connections 256; }
    http {
      access_log off; client_body_temp_path ${root}/body; proxy_temp_path ${root}/proxy;
      fastcgi_temp_path ${root}/f; uwsgi_temp_path ${root}/u; scgi_temp_path ${root}/s;
      map $http_upgrade $connection_upgrade { default upgrade; '' close; }
      ${servers.map(server).join("\n")}
    }`;
}

function server({ listen, serverPort, predict, readiness, liveness }: ProxiedServer): string {
  const to = `proxy_pass http://127.0.0.1:${serverPort}; proxy_http_version 1.1; proxy_buffering off; proxy_read_timeout 18030s;`;
  const upgrade = "proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade;";
  return `server {
    listen 127.0.0.1:${listen}; client_max_body_size 100M; client_body_buffer_size 4M;
    location = / { rewrite ^ ${liveness} break; ${to} }
    location = /v1/models/model { rewrite ^ ${readiness} break; ${to} }
    location = /v1/models/model:predict { rewrite ^ ${predict} break; ${to} }
    location = /v1/websocket { rewrite ^ ${predict} break; ${to} ${upgrade} }
    location / { ${to} ${upgrade} }
  }`;
}

async function listening(port: number): Promise<void> {
  for (;;) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = createConnection(port, "127.0.0.1", () => resolve(true));
      socket.once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (open) return;
    await sleep(10);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}
