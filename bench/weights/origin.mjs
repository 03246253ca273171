// The files of a benchmark, served by nginx on the loopback: plain, over TLS, and with 50 ms before each answer.
import { execFileSync, spawn } from "node:child_process";
import { createHash, randomFillSync } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { join } from "node:path";

const CHUNK = 1024 * 1024;
const DELAY_MS = 50;
const NGINX = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/bin/nginx"].find((path) => existsSync(path));

/** Writes files of random bytes. @returns their names, sizes and SHA-256 */
export function makeFiles(dir, sizes) {
  mkdirSync(dir, { recursive: true });
  const buffer = Buffer.allocUnsafe(CHUNK);
  return sizes.map((size, i) => {
    const name = `file-${i}.bin`;
    const hash = createHash("sha256");
    const fd = openSync(join(dir, name), "w");
    for (let left = size; left > 0; left -= CHUNK) {
      const bytes = randomFillSync(buffer).subarray(0, Math.min(CHUNK, left));
      hash.update(bytes);
      writeSync(fd, bytes);
    }
    closeSync(fd);
    return { name, size, sha256: hash.digest("hex") };
  });
}

/** @returns base URLs and the authority to trust; `undefined` without nginx */
export async function startOrigin(dir, www) {
  if (NGINX === undefined) return undefined;
  makeCertificate(dir);
  const delay = createServer((_, response) => setTimeout(() => response.writeHead(204).end(), DELAY_MS));
  await new Promise((resolve) => delay.listen(0, "127.0.0.1", resolve));
  const [plain, tls, slow] = [await freePort(), await freePort(), await freePort()];
  writeFileSync(join(dir, "nginx.conf"), config(dir, www, { plain, tls, slow, delay: delay.address().port }));
  const nginx = spawn(NGINX, ["-c", join(dir, "nginx.conf"), "-e", join(dir, "error.log")], {
    stdio: "inherit",
  });
  await listening(plain);
  return {
    urls: {
      plain: `http://127.0.0.1:${plain}`,
      tls: `https://localhost:${tls}`,
      delayed: `http://127.0.0.1:${slow}`,
    },
    authority: join(dir, "ca.pem"),
    pid: nginx.pid,
    stop: async () => {
      delay.closeAllConnections();
      delay.close();
      const ended = new Promise((resolve) => nginx.once("exit", resolve));
      nginx.kill("SIGTERM");
      await ended;
    },
  };
}

function config(dir, www, { plain, tls, slow, delay }) {
  const user = process.getuid?.() === 0 ? "user root;" : "";
  const temp = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (kind) => `${kind}_temp_path ${dir}/t-${kind};`,
  );
  return `daemon off; worker_processes 2; ${user} pid ${dir}/nginx.pid; error_log ${dir}/error.log;
    events { worker_connections 4096; }
    http {
      access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; ${temp.join(" ")}
      upstream delay { server 127.0.0.1:${delay}; keepalive 512; }
      server { listen 127.0.0.1:${plain}; root ${www}; }
      server { listen 127.0.0.1:${tls} ssl; root ${www}; ssl_certificate ${dir}/cert.pem; ssl_certificate_key ${dir}/key.pem; }
      server {
        listen 127.0.0.1:${slow}; root ${www};
        location / { auth_request /delay; }
        location = /delay {
          internal; proxy_pass http://delay; proxy_http_version 1.1; proxy_set_header Connection "";
          proxy_pass_request_body off; proxy_set_header Content-Length "";
        }
      }
    }`;
}

function makeCertificate(dir) {
  const openssl = (...args) => execFileSync("openssl", args, { stdio: "ignore" });
  const key = ["-newkey", "rsa:2048", "-nodes"];
  const at = (name) => join(dir, name);
  openssl(
    "req",
    "-x509",
    ...key,
    "-days",
    "2",
    "-subj",
    "/CN=benchmark authority",
    "-keyout",
    at("ca.key"),
    "-out",
    at("ca.pem"),
  );
  openssl("req", ...key, "-subj", "/CN=localhost", "-keyout", at("key.pem"), "-out", at("request.pem"));
  writeFileSync(at("extensions"), "subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n");
  const sign = ["-CA", at("ca.pem"), "-CAkey", at("ca.key"), "-CAcreateserial", "-extfile", at("extensions")];
  openssl("x509", "-req", "-in", at("request.pem"), "-days", "2", ...sign, "-out", at("cert.pem"));
}

async function freePort() {
  const server = createTcpServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function listening(port) {
  for (;;) {
    const answered = await fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    );
    if (answered) return;
  }
}
