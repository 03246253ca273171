// Programs that fetch the same files to the same disk, each in a process of its own.
import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";

const PROGRAM = new URL("../../packages/weights/dist/truss-transfer-cli.mjs", import.meta.url).pathname;
const python = process.env.CHAINS_TRUSS_PYTHON;

export const hasCurl = succeeds("curl", ["--version"]);
/** The real tool reads its manifest at a fixed path, which only root can give it without touching the machine. */
export const hasRealTool =
  python !== undefined &&
  process.getuid?.() === 0 &&
  succeeds("unshare", ["--mount", "true"]) &&
  succeeds(python, ["-c", "import truss_transfer"]);

/** A place for one run, empty. */
export function freshTarget(dir) {
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  return dir;
}

export function writeManifest(world, { files, baseUrl, target }) {
  const pointers = files.map(({ name, size, sha256 }) => ({
    resolution: { resolution_type: "http", url: `${baseUrl}/${name}`, expiration_timestamp: 4044816725 },
    uid: name,
    file_name: join(target, name),
    hashtype: "sha256",
    hash: sha256,
    size,
    runtime_secret_name: "none",
  }));
  mkdirSync(join(world, "static-bptr"), { recursive: true });
  writeFileSync(
    join(world, "static-bptr", "static-bptr-manifest.json"),
    JSON.stringify({ pointers, models: null }),
  );
}

/** `truss-transfer-cli` of this repository. @returns seconds and peak memory in MB */
export function runOurs(world, target, authority, settings = {}) {
  const env = {
    ...process.env,
    CHAINS_MANIFEST_ROOT: world,
    CHAINS_WEIGHTS_ROOT: target,
    CHAINS_TRANSFER_STATS_FILE: join(world, "stats.json"),
    TRUSS_TRANSFER_LOG: "error",
    NODE_EXTRA_CA_CERTS: authority,
    TMPDIR: world,
    ...settings,
  };
  return run(process.execPath, [PROGRAM, target], { env });
}

export function runReal(world, target, authority) {
  mkdirSync("/static-bptr", { recursive: true });
  const script = 'mount --bind "$0/static-bptr" /static-bptr && exec "$@"';
  const code = "import sys, truss_transfer; truss_transfer.lazy_data_resolve(sys.argv[1])";
  const env = { ...process.env, SSL_CERT_FILE: authority, TRUSS_TRANSFER_LOG: "error" };
  return run("unshare", ["--mount", "sh", "-c", script, world, python, "-c", code, target], { env });
}

export function removeMountPoint() {
  rmSync("/static-bptr", { recursive: true, force: true });
}

export function runCurl(files, baseUrl, target, authority) {
  const list = files
    .map(({ name }) => `url = "${baseUrl}/${name}"\noutput = "${join(target, name)}"`)
    .join("\n");
  writeFileSync(join(target, "..", "curl.list"), list);
  return run("curl", ["-sSf", "-Z", "--cacert", authority, "-K", join(target, "..", "curl.list")]);
}

/** curl, then as many hash tools as there are cores. */
export async function runCurlAndHash(files, baseUrl, target, authority) {
  const fetched = await runCurl(files, baseUrl, target, authority);
  const shares = cpus().map(() => ({ bytes: 0, paths: [] }));
  for (const { name, size } of [...files].sort((a, b) => b.size - a.size)) {
    const share = shares.reduce((least, other) => (other.bytes < least.bytes ? other : least));
    share.bytes += size;
    share.paths.push(join(target, name));
  }
  const start = performance.now();
  await Promise.all(
    shares
      .filter(({ paths }) => paths.length > 0)
      .map(({ paths }) => run("openssl", ["dgst", "-sha256", ...paths])),
  );
  return { seconds: fetched.seconds + (performance.now() - start) / 1000, megabytes: fetched.megabytes };
}

export function runCopy(source, target) {
  const start = performance.now();
  cpSync(source, target, { recursive: true });
  return { seconds: (performance.now() - start) / 1000, megabytes: 0 };
}

function run(command, args, { env = process.env } = {}) {
  const timed = existsSync("/usr/bin/time");
  const [program, all] = timed ? ["/usr/bin/time", ["-f", "peak %M", command, ...args]] : [command, args];
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(program, all, { env, stdio: ["ignore", "ignore", "pipe"] });
    let errors = "";
    child.stderr.on("data", (text) => {
      errors += text;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      const seconds = (performance.now() - start) / 1000;
      const peak = /peak (\d+)/.exec(errors)?.[1];
      if (code !== 0) reject(new Error(`${command} exits with ${code}: ${errors}`));
      else resolve({ seconds, megabytes: peak === undefined ? null : (Number(peak) * 1024) / 1e6 });
    });
  });
}

function succeeds(command, args) {
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
