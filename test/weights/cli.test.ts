import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listen } from "./support/hub.ts";
import { Origin } from "./support/origin.ts";
import { machine, runProgram } from "./support/peer-process.ts";
import { digests, readTree, temporaryDirectory } from "./support/temp.ts";
import { pointer, random } from "./support/transfer.ts";

async function prepared() {
  const dir = await temporaryDirectory();
  const origin = await Origin.start();
  const contents: Record<string, Buffer> = { "relative/a": random(20_000_000), b: random(1000) };
  const pointers = [
    pointer("relative/a", origin.add("/a", contents["relative/a"]!), contents["relative/a"]!),
    pointer("/app/model_cache/vol/b", origin.add("/b", contents["b"]!), contents["b"]!),
  ];
  return { dir, origin, contents, pointers, env: await machine(dir, { pointers, models: null }) };
}

test("files named relatively land in DIR, those of the model cache in its root, and the exit code is 0", async () => {
  const { dir, contents, env } = await prepared();
  const { code, stdout, stderr } = await runProgram([join(dir, "target"), "ignored", "arguments"], env);
  expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
  expect(stderr).toContain("relative/a: 20.0 MB fetched");
  expect(digests(await readTree(join(dir, "target")))).toEqual(
    digests({ "relative/a": contents["relative/a"]! }),
  );
  expect(digests(await readTree(join(dir, "model_cache")))).toEqual(digests({ "vol/b": contents["b"]! }));
});

test("the directory may come from the environment", async () => {
  const { dir, env } = await prepared();
  const { code } = await runProgram([], { ...env, TRUSS_TRANSFER_DOWNLOAD_DIR: join(dir, "from-env") });
  expect(code).toBe(0);
  expect(await readdir(join(dir, "from-env"))).toEqual(["relative"]);
});

test("with --json every line of stdout is an event", async () => {
  const { dir, env } = await prepared();
  const { stdout, stderr } = await runProgram([join(dir, "target"), "--json"], env);
  const events = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(events[0]).toEqual({ type: "start", files: 1 + 1, bytes: 20_001_000 });
  expect(events.at(-1)).toMatchObject({ type: "done", files: 2 });
  expect(stderr).toBe("");
});

test("without a manifest there is nothing to do, which is a success", async () => {
  const dir = await temporaryDirectory();
  const { code } = await runProgram([join(dir, "target")], {
    PATH: process.env["PATH"],
    CHAINS_MANIFEST_ROOT: dir,
    TMPDIR: dir,
    CHAINS_TRANSFER_STATS_FILE: join(dir, "stats.json"),
  });
  expect(code).toBe(0);
});

test("a failure exits with 1 and one line that says what to do, without a stack", async () => {
  const { dir, origin, env } = await prepared();
  origin.files.delete("/b");
  const { code, stderr } = await runProgram([join(dir, "target")], env);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^ERROR \[WEIGHTS_NOT_FOUND\] http:\/\/127\.0\.0\.1:\d+\/b does not exist \(404\)\. \S/m,
  );
  expect(stderr).not.toMatch(/^\s+at /m);
});

test("with --json a failure is the last event, with its code and its file", async () => {
  const { dir, origin, env } = await prepared();
  origin.files.delete("/b");
  const { code, stdout } = await runProgram([join(dir, "target"), "--json"], env);
  expect(code).toBe(1);
  const last = JSON.parse(stdout.trim().split("\n").at(-1)!);
  expect(last).toMatchObject({
    type: "error",
    code: "WEIGHTS_NOT_FOUND",
    message: expect.stringContaining("/b does not exist (404)"),
    fix: expect.any(String),
    file: join(dir, "model_cache", "vol", "b"),
  });
});

test("with --json a manifest that cannot be read is an event, too", async () => {
  const { dir, env } = await prepared();
  await mkdir(join(dir, "bptr"));
  await writeFile(join(dir, "bptr", "bptr-manifest"), "pointers: 3");
  const { code, stdout } = await runProgram([join(dir, "target"), "--json"], env);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    type: "error",
    code: "MANIFEST_INVALID",
    file: join(dir, "bptr", "bptr-manifest"),
  });
});

test("stopped by a signal it exits with 130, and the next start continues", async () => {
  const { dir, origin, contents, env } = await prepared();
  origin.misbehave = ({ path, range }, response, content) => {
    if (path !== "/a" || range!.start === 0) return false;
    response.writeHead(206, {
      "content-range": `bytes ${range!.start}-${range!.end - 1}/${content.length}`,
      "content-length": range!.end - range!.start,
    });
    response.write(content.subarray(range!.start, range!.start + 10));
    return true;
  };
  const { code, stderr } = await runProgram([join(dir, "target"), "--json"], env, (child) => {
    child.stdout!.on("data", (text) => {
      if (/"bytes":1[6-9]\d{6}/.test(String(text))) child.kill("SIGTERM");
    });
  });
  expect(code).toBe(130);
  expect(stderr).toBe(
    "ERROR [INTERRUPTED] The transfer was stopped by SIGTERM. Start it again to continue.\n",
  );
  origin.misbehave = () => false;
  origin.requests.length = 0;
  expect((await runProgram([join(dir, "target")], env)).code).toBe(0);
  expect(origin.requests.filter(({ path, range }) => path === "/a" && range!.start === 0)).toEqual([]);
  expect(digests(await readTree(join(dir, "target")))).toEqual(
    digests({ "relative/a": contents["relative/a"]! }),
  );
});

test("it ends in order when nobody reads its output any more", async () => {
  const { dir, origin, env } = await prepared();
  // Never answers, so that it has something to tell until it ends.
  origin.misbehave = () => true;
  const { code, stderr } = await runProgram([join(dir, "target"), "--json"], env, (child) => {
    child.stdout!.once("data", () => child.stdout!.destroy());
  });
  expect(code).toBe(130);
  expect(stderr).toMatch(/^ERROR \[INTERRUPTED\] .*nobody read its output.*\n$/);
});

test("it fetches on when nobody reads its log any more", async () => {
  const { dir, env } = await prepared();
  const { code } = await runProgram([join(dir, "target")], env, (child) => {
    child.stderr!.destroy();
  });
  expect(code).toBe(0);
  expect(Object.keys(await readTree(join(dir, "target")))).toEqual(["relative/a"]);
});

test("stopped while a bucket does not answer, it exits at once", async () => {
  const dir = await temporaryDirectory();
  let kill = (): void => {};
  const url = await listen("127.0.0.1", () => kill());
  const resolution = { resolution_type: "gcs", bucket_name: "bucket", path: "a" } as const;
  const file = pointer("a", "", Buffer.from("a"), { resolution, hashtype: "etag", hash: "opaque" });
  const env = { ...(await machine(dir, { pointers: [file], models: null })), STORAGE_EMULATOR_HOST: url };
  const { code } = await runProgram([join(dir, "target")], env, (child) => {
    kill = () => child.kill("SIGINT");
  });
  expect(code).toBe(130);
});

test("with the shared cache on, a second machine fetches nothing", async () => {
  const { dir, origin, contents, env } = await prepared();
  const cached = {
    ...env,
    BASETEN_FS_ENABLED: "true",
    USE_BASETEN_FS_TRUSS_TRANSFER: "1",
    TRUSS_TRANSFER_CACHE_DIR: join(dir, "cache"),
    TRUSS_TRANSFER_B10FS_DOWNLOAD_SPEED_MBPS: "1",
  };
  const first = await runProgram([join(dir, "target")], cached);
  expect(first.code).toBe(0);
  // Less than 100 GiB free: the cache is read, and not added to.
  const skipped = first.stderr.includes("too little free space");
  origin.requests.length = 0;
  await runProgram([join(dir, "second")], { ...cached, CHAINS_WEIGHTS_ROOT: join(dir, "second_cache") });
  expect(origin.requests.length === 0).toBe(!skipped);
  expect(digests(await readTree(join(dir, "second")))).toEqual(
    digests({ "relative/a": contents["relative/a"]! }),
  );
});
