import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { makeCertificate } from "./tls.ts";

const NGINX = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/bin/nginx"].find((path) => existsSync(path));

/** Tests that need nginx are skipped without it. Debian: `apt-get install nginx`. */
export const hasNginx = NGINX !== undefined;

if (!hasNginx) console.warn("Skipped: fetching over TLS needs nginx.");

/** Serves a directory over TLS. */
export async function startNginx(dir: string, www: string) {
  const certificate = makeCertificate(dir, ["localhost"]);
  const port = await freePort();
  const user = process.getuid?.() === 0 ? "user root;" : "";
  const temp = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (kind) => `${kind}_temp_path ${dir}/t-${kind};`,
  );
  writeFileSync(
    join(dir, "nginx.conf"),
    `daemon off; worker_processes 1; ${user} pid ${dir}/nginx.pid; error_log ${dir}/error.log;
    events { worker_connections 256; }
    http {
      access_log ${dir}/access.log; sendfile on; ${temp.join(" ")}
      server {
        listen 127.0.0.1:${port} ssl; root ${www};
        ssl_certificate ${certificate.certFile}; ssl_certificate_key ${certificate.keyFile};
      }
    }`,
  );
  const nginx = spawn(NGINX!, ["-c", join(dir, "nginx.conf"), "-e", join(dir, "error.log")], {
    stdio: "inherit",
  });
  onTestFinished(async () => {
    const ended = once(nginx, "exit");
    nginx.kill("SIGTERM");
    await ended;
  });
  return { url: `https://localhost:${port}`, authority: certificate.authorityFile };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
