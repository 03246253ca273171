import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import { join } from "node:path";
import { promisify } from "node:util";
import { createManifest, parseManifest, renderManifest, sourceContext } from "@truss-chains/weights";
import { describe, expect, onTestFinished, test } from "vitest";
import { FakeHub } from "../../weights/support/hub.ts";
import { machine, PROGRAM } from "../../weights/support/peer-process.ts";
import { digests, readTree, temporaryDirectory } from "../../weights/support/temp.ts";
import { makeCertificate } from "../../weights/support/tls.ts";
import { random } from "../../weights/support/transfer.ts";
import { canUnshare, python } from "./support.ts";

const run = promisify(execFile);
const FILES = {
  "config.json": Buffer.from('{"a":1}'),
  "onnx/model.onnx": random(11_000_000),
  "onnx/other.bin": random(2_000),
  "nested/deep/er/vocab.txt": Buffer.from("a\nb\n"),
};

const RESOLVE = `
import truss_transfer, sys
truss_transfer.lazy_data_resolve(sys.argv[1])
`;
const CREATE = `
import sys, truss_transfer
model = truss_transfer.PyModelRepo("owner/repo", "main", "minilm", "hf", sys.argv[3].split(",") if sys.argv[3] else None, None)
open(sys.argv[1], "w").write(truss_transfer.create_basetenpointer_from_models([model], sys.argv[2]))
`;

/** huggingface.co, as far as programs can tell that run in {@link inWorld}. */
async function worldWithHub() {
  const dir = await temporaryDirectory();
  const hub = await FakeHub.start();
  hub.repos.set("owner/repo", { commit: "d".repeat(40), branches: ["main"], files: FILES });
  const certificate = makeCertificate(dir, ["huggingface.co", "cdn-lfs.huggingface.co"]);
  hub.url = "https://huggingface.co";
  hub.storage = "https://cdn-lfs.huggingface.co";
  const server = createServer(
    { cert: readFileSync(certificate.certFile), key: readFileSync(certificate.keyFile) },
    (request, response) =>
      request.headers.host === "huggingface.co"
        ? hub.serveHub(request, response)
        : hub.serveStorage(request, response),
  );
  await new Promise<void>((resolve, reject) =>
    server.once("error", reject).listen(443, "127.0.0.1", resolve),
  );
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await writeFile(join(dir, "hosts"), "127.0.0.1 localhost huggingface.co cdn-lfs.huggingface.co\n");
  /** Runs a program with our hosts file, our certificate and, at the fixed path, our manifest directory. */
  const inWorld = async (command: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const script =
      'mount --bind "$WORLD/hosts" /etc/hosts && mount --bind "$WORLD/bptr" /static-bptr && exec "$@"';
    mkdirSync(join(dir, "bptr"), { recursive: true });
    await run("unshare", ["--mount", "sh", "-c", script, "sh", ...command], {
      env: {
        ...process.env,
        ...env,
        WORLD: dir,
        SSL_CERT_FILE: certificate.authorityFile,
        NODE_EXTRA_CA_CERTS: certificate.authorityFile,
      },
    });
  };
  // A mount point must exist; what is mounted there is seen by the program alone.
  mkdirSync("/static-bptr", { recursive: true });
  onTestFinished(() => rmSync("/static-bptr", { recursive: true, force: true }));
  return { dir, hub, inWorld };
}

describe.skipIf(python === undefined || !canUnshare)("manifests", () => {
  test("of ours resolve in the real truss_transfer, to the same tree", async () => {
    const { dir, hub, inWorld } = await worldWithHub();
    // Listed through the fake's plain address, then told to the tool as the world knows it.
    const plain = await FakeHub.start();
    plain.repos.set("owner/repo", hub.repos.get("owner/repo")!);
    const context = sourceContext({ secretsDir: dir }, { HF_ENDPOINT: plain.url }, () => {});
    const entry = { repo_id: "owner/repo", revision: "main", use_volume: true, volume_folder: "minilm" };
    const manifest = await createManifest([entry], { context, modelPath: join(dir, "real") });
    const text = renderManifest(manifest).replaceAll(plain.url, hub.url);
    mkdirSync(join(dir, "bptr"));
    await writeFile(join(dir, "bptr", "static-bptr-manifest.json"), text);
    await inWorld([python!, "-c", RESOLVE, join(dir, "real")]);
    expect(digests(await readTree(join(dir, "real", "minilm")))).toEqual(digests(FILES));
  });

  test.each(["", "*.json,onnx/*"])(
    "of the real tool resolve in ours, to the same tree (patterns %j)",
    async (patterns) => {
      const { dir, inWorld } = await worldWithHub();
      const file = join(dir, "made.json");
      await inWorld([python!, "-c", CREATE, file, "/app/model_cache", patterns]);
      const manifest = parseManifest(readFileSync(file, "utf8"), file);
      const env = await machine(dir, manifest);
      await inWorld([process.execPath, PROGRAM, join(dir, "target")], env);
      const wanted = Object.entries(FILES).filter(([path]) => patterns === "" || !path.startsWith("nested"));
      expect(digests(await readTree(join(dir, "model_cache", "minilm")))).toEqual(
        digests(Object.fromEntries(wanted)),
      );
    },
  );

  test("of both have the same entries, as far as the real tool knows the content", async () => {
    const { dir, hub, inWorld } = await worldWithHub();
    const file = join(dir, "made.json");
    await inWorld([python!, "-c", CREATE, file, "/app/model_cache", ""]);
    const theirs = parseManifest(readFileSync(file, "utf8"), file);
    const plain = await FakeHub.start();
    plain.repos.set("owner/repo", hub.repos.get("owner/repo")!);
    const context = sourceContext({ secretsDir: dir }, { HF_ENDPOINT: plain.url }, () => {});
    const ours = await createManifest(
      [{ repo_id: "owner/repo", revision: "main", use_volume: true, volume_folder: "minilm" }],
      { context },
    );
    const comparable = (manifest: typeof ours) =>
      manifest.pointers
        .map(({ hashtype: _, hash: __, ...pointer }) => pointer)
        .sort((a, b) => (a.file_name < b.file_name ? -1 : 1));
    const told = JSON.parse(JSON.stringify(comparable(ours)).replaceAll(plain.url, hub.url));
    expect(comparable(theirs)).toEqual(told);
  });
});
