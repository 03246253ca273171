// Programs that fetch the same files to the same disk, each in processes of its own.
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { runProgram, runTogether, sum } from "./measure.mjs";

const PROGRAM = new URL("../../packages/weights/dist/truss-transfer-cli.mjs", import.meta.url).pathname;
/** What curl may have at most; its default is 50, too few to hide a delay behind. */
const MOST_CONNECTIONS = 300;
const python = process.env.CHAINS_TRUSS_PYTHON;

export const hasCurl = succeeds("curl", ["--version"]);
/** The real tool reads its manifest at a fixed path, which only root can give it without touching the machine. */
export const hasRealTool =
  python !== undefined &&
  process.getuid?.() === 0 &&
  succeeds("unshare", ["--mount", "true"]) &&
  succeeds(python, ["-c", "import truss_transfer"]);

/** An empty place for one run. */
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

/** `truss-transfer-cli` of this repository. */
export function runOurs({ world, target, authority }, settings = {}) {
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
  return runProgram(process.execPath, [PROGRAM, target], { env });
}

export function runReal({ world, target, authority }) {
  mkdirSync("/static-bptr", { recursive: true });
  const script = 'mount --bind "$0/static-bptr" /static-bptr && exec "$@"';
  const code = "import sys, truss_transfer; truss_transfer.lazy_data_resolve(sys.argv[1])";
  const env = { ...process.env, SSL_CERT_FILE: authority, TRUSS_TRANSFER_LOG: "error" };
  const args = ["--mount", "sh", "-c", script, world, python, "-c", code, target];
  return runProgram("unshare", args, { env });
}

export function removeMountPoint() {
  rmSync("/static-bptr", { recursive: true, force: true });
}

export function runCurl(around) {
  const { files, target } = around;
  return runProgram(
    "curl",
    curlArguments(around, files, ({ name }) => join(target, name)),
  );
}

/** curl, then as many hash tools as there are cores. */
export async function runCurlAndHash(around) {
  return sum([await runCurl(around), await runHash(around.files, around.target)]);
}

/** As many hash tools as there are cores. */
export function runHash(files, dir) {
  return runTogether(
    shares(files).map((share) => [
      "openssl",
      ["dgst", "-sha256", ...share.map(({ name }) => join(dir, name))],
    ]),
  );
}

/** As many curls as there are cores, with all the connections they want, that throw away what they read. */
export function runDiscard(around) {
  const most = ["--parallel-max", String(MOST_CONNECTIONS)];
  return runTogether(
    shares(around.files).map((share, i) => [
      "curl",
      [...most, ...curlArguments(around, share, () => "/dev/null", `discard-${i}`)],
    ]),
  );
}

export function runCopy({ source, target }) {
  return runProgram("cp", ["-r", `${source}/.`, target]);
}

/** A copy that is on the disk when it ends, as what ours fetches is. */
export function runCopyAndSync({ source, target }) {
  return runProgram("sh", ["-c", 'cp -r "$0/." "$1" && sync "$1"/*', source, target]);
}

function curlArguments({ world, baseUrl, authority }, files, output, name = "curl") {
  mkdirSync(world, { recursive: true });
  const list = join(world, `${name}.list`);
  const lines = files.map((file) => `url = "${baseUrl}/${file.name}"\noutput = "${output(file)}"`);
  writeFileSync(list, lines.join("\n"));
  return ["-sSf", "-Z", "--cacert", authority, "-K", list];
}

/** The files in as many parts of about the same size as there are cores. */
function shares(files) {
  const parts = cpus().map(() => ({ bytes: 0, files: [] }));
  for (const file of [...files].sort((a, b) => b.size - a.size)) {
    const part = parts.reduce((least, other) => (other.bytes < least.bytes ? other : least));
    part.bytes += file.size;
    part.files.push(file);
  }
  return parts.map((part) => part.files).filter((part) => part.length > 0);
}

function succeeds(command, args) {
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
