import { mkdir, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createManifest, parseManifest, planWeights, sourceContext } from "@truss-chains/weights";
import { describe, expect, test } from "vitest";
import { FakeHub } from "./support/hub.ts";
import { Origin } from "./support/origin.ts";
import { readTree, temporaryDirectory } from "./support/temp.ts";
import { fetchInto, pointer, random } from "./support/transfer.ts";

const CONTENT = Buffer.from("harmless");

describe("a manifest", () => {
  test.each([
    ["../escaped"],
    ["a/../../escaped"],
    ["a/./b"],
    ["a//b"],
    ["/etc/escaped"],
    ["/app/model_cache/../escaped"],
    ["/app/model_cache_other/escaped"],
    ["nul\0byte"],
    ["\ud800"],
    ["x".repeat(300)],
    [""],
  ])("that names %j is refused before anything is written", async (name) => {
    const dir = await temporaryDirectory();
    const origin = await Origin.start();
    const good = pointer("good", origin.add("/good", CONTENT), CONTENT);
    const bad = pointer(name, origin.add("/bad", CONTENT), CONTENT);
    await expect(fetchInto(dir, [good, bad])).rejects.toMatchObject({ code: "WEIGHTS_UNSAFE_PATH" });
    expect(await readdir(dir)).toEqual(["stats.json"]);
    expect(origin.requests).toEqual([]);
  });

  test.each([
    ["a", "a/b"],
    ["a/b", "a"],
    ["Model/x", "model/y"],
    ["x/Readme", "x/README"],
    ["caf\u00e9", "cafe\u0301"],
  ])("with both %j and %j is refused", async (first, second) => {
    const dir = await temporaryDirectory();
    const origin = await Origin.start();
    const url = origin.add("/good", CONTENT);
    const outcome = fetchInto(dir, [pointer(first, url, CONTENT), pointer(second, url, CONTENT)]);
    await expect(outcome).rejects.toMatchObject({ code: "WEIGHTS_UNSAFE_PATH" });
    expect(origin.requests).toEqual([]);
  });

  test.each([
    ["size", { size: -1 }],
    ["size", { size: 2 ** 60 }],
    ["size", { size: 1.5 }],
    ["hash", { hash: "../../x" }],
    ["hash", { hash: ".." }],
    ["hash", { hashtype: "sha256", hash: "short" }],
    ["hashtype", { hashtype: "rot13" }],
    ["url", { resolution: { resolution_type: "http", url: "file:///etc/passwd", expiration_timestamp: 1 } }],
    ["resolution_type", { resolution: { resolution_type: "ftp" } }],
    ["file_name", { file_name: 7 }],
    [
      "endpoint",
      { resolution: { resolution_type: "s3", bucket_name: "b", key: "k", endpoint: "not an address" } },
    ],
    [
      "account_name",
      {
        resolution: {
          resolution_type: "azure",
          account_name: "elsewhere.example/",
          container_name: "c",
          blob_name: "b",
        },
      },
    ],
  ])("with an impossible %s is refused, naming the field", (field, change) => {
    const text = JSON.stringify({
      pointers: [{ ...pointer("a", "http://host/a", CONTENT), ...change }],
      models: null,
    });
    expect(() => parseManifest(text, "/bptr/bptr-manifest.json")).toThrow(
      expect.objectContaining({
        code: "MANIFEST_INVALID",
        message: expect.stringContaining(field),
        location: expect.objectContaining({ file: "/bptr/bptr-manifest.json" }),
      }),
    );
  });

  test.each(["", "{", "[]", "null", '{"pointers": {}}', "pointers: [", "&a [*a, *a]"])(
    "that is %j is refused",
    (text) => {
      expect(() => parseManifest(text, "m.json")).toThrow(
        expect.objectContaining({
          code: "MANIFEST_INVALID",
          message: expect.stringMatching(/^m\.json.*[^.:]\.$/),
        }),
      );
    },
  );
});

test("a symbolic link in the way is not followed", async () => {
  const dir = await temporaryDirectory();
  const origin = await Origin.start();
  await mkdir(join(dir, "outside"));
  await mkdir(join(dir, "target"));
  await symlink(join(dir, "outside"), join(dir, "target", "models"));
  const outcome = fetchInto(dir, [pointer("models/a", origin.add("/a", CONTENT), CONTENT)]);
  await expect(outcome).rejects.toMatchObject({
    code: "WEIGHTS_UNSAFE_PATH",
    message: expect.stringContaining("symbolic link"),
  });
  expect(await readdir(join(dir, "outside"))).toEqual([]);
});

test.each([
  ["a file where a directory should be", (target: string) => writeFile(join(target, "models"), "mine")],
  ["a link where a directory should be", (target: string) => symlink("/nowhere", join(target, "models"))],
  [
    "a directory where the file should be",
    (target: string) => mkdir(join(target, "models", "a"), { recursive: true }),
  ],
])("%s is noticed before anything is fetched", async (_, obstruct) => {
  const dir = await temporaryDirectory();
  const origin = await Origin.start();
  await mkdir(join(dir, "target"));
  await obstruct(join(dir, "target"));
  const outcome = fetchInto(dir, [pointer("models/a", origin.add("/a", CONTENT), CONTENT)]);
  await expect(outcome).rejects.toMatchObject({
    code: "WEIGHTS_UNSAFE_PATH",
    location: { file: expect.stringContaining("target/models") },
  });
  expect(origin.requests).toEqual([]);
});

test("a path that is too long below its target is refused before anything is fetched", async () => {
  const dir = await temporaryDirectory();
  const origin = await Origin.start();
  const name = "directory/".repeat(409);
  const outcome = fetchInto(dir, [pointer(`${name}a`, origin.add("/a", CONTENT), CONTENT)]);
  await expect(outcome).rejects.toMatchObject({ code: "FILE_NOT_WRITABLE" });
  expect(origin.requests).toEqual([]);
});

test("a target that is a file is left as it is", async () => {
  const dir = await temporaryDirectory();
  await writeFile(join(dir, "target"), "mine");
  await expect(fetchInto(dir, [pointer("a", "http://host/a", CONTENT)])).rejects.toMatchObject({
    code: "FILE_NOT_WRITABLE",
    fix: expect.stringContaining("directory"),
  });
  expect((await readTree(dir))["target"]!.toString()).toBe("mine");
});

test("a link where the file should be is replaced, and what it leads to stays as it was", async () => {
  const dir = await temporaryDirectory();
  const origin = await Origin.start();
  await mkdir(join(dir, "target"));
  await writeFile(join(dir, "precious"), "precious");
  await symlink(join(dir, "precious"), join(dir, "target", "a"));
  await fetchInto(dir, [pointer("a", origin.add("/a", CONTENT), CONTENT)]);
  expect((await readTree(dir))["precious"]!.toString()).toBe("precious");
  expect((await readTree(join(dir, "target")))["a"]!.toString()).toBe("harmless");
});

test("a planted link among the working files is not written through", async () => {
  const dir = await temporaryDirectory();
  const origin = await Origin.start();
  const good = pointer("a", origin.add("/a", CONTENT), CONTENT);
  origin.misbehave = (_, response) => {
    response.writeHead(403).end();
    return true;
  };
  await fetchInto(dir, [good]).catch(() => {});
  const state = join(dir, "target", ".truss-transfer");
  const part = (await readdir(state)).find((name) => name.endsWith(".part"))!;
  await writeFile(join(dir, "precious"), "precious");
  await rm(join(state, part));
  await symlink(join(dir, "precious"), join(state, part));
  await expect(fetchInto(dir, [good])).rejects.toMatchObject({ code: "FILE_NOT_WRITABLE" });
  expect((await readTree(dir))["precious"]!.toString()).toBe("precious");
});

test("a planted link in place of the journal is not written through", async () => {
  const dir = await temporaryDirectory();
  const origin = await Origin.start();
  await mkdir(join(dir, "target", ".truss-transfer"), { recursive: true });
  await writeFile(join(dir, "precious"), "precious");
  await symlink(join(dir, "precious"), join(dir, "target", ".truss-transfer", "journal"));
  const outcome = fetchInto(dir, [pointer("a", origin.add("/a", CONTENT), CONTENT)]);
  await expect(outcome).rejects.toMatchObject({ code: "FILE_NOT_WRITABLE" });
  expect((await readTree(dir))["precious"]!.toString()).toBe("precious");
});

test.each([".truss-transfer/lock", ".Truss-Transfer/journal"])(
  "a file that would be %s, a transfer's own, is refused",
  async (name) => {
    const dir = await temporaryDirectory();
    const origin = await Origin.start();
    const outcome = fetchInto(dir, [pointer(name, origin.add("/a", CONTENT), CONTENT)]);
    await expect(outcome).rejects.toMatchObject({ code: "WEIGHTS_UNSAFE_PATH" });
  },
);

test("a directory where the file should be is left alone", async () => {
  const dir = await temporaryDirectory();
  const origin = await Origin.start();
  await mkdir(join(dir, "target", "a"), { recursive: true });
  await writeFile(join(dir, "target", "a", "mine"), "mine");
  const outcome = fetchInto(dir, [pointer("a", origin.add("/a", CONTENT), CONTENT)]);
  await expect(outcome).rejects.toMatchObject({ code: "WEIGHTS_UNSAFE_PATH" });
  expect((await readTree(join(dir, "target")))["a/mine"]!.toString()).toBe("mine");
});

describe("a listing", () => {
  test.each(["../x", "/abs", "a/../b", "nul\0", "a//b"])("that names %j is refused", async (name) => {
    const dir = await temporaryDirectory();
    const hub = await FakeHub.start();
    hub.repos.set("o/r", {
      commit: "a".repeat(40),
      branches: ["main"],
      files: { good: CONTENT, [name]: CONTENT },
    });
    const context = sourceContext({ secretsDir: dir }, { HF_ENDPOINT: hub.url }, () => {});
    const entry = { repo_id: "o/r", revision: "main", use_volume: true, volume_folder: "m" };
    await expect(createManifest([entry], { context })).rejects.toMatchObject({ code: "WEIGHTS_UNSAFE_PATH" });
  });

  test.each(["../x", "/abs", ".."])("into the volume folder %j is refused", async (folder) => {
    const context = sourceContext({ secretsDir: "/nowhere" }, {}, () => {});
    const entry = { repo_id: "o/r", revision: "main", use_volume: true, volume_folder: folder };
    await expect(createManifest([entry], { context })).rejects.toMatchObject({ code: "WEIGHTS_UNSAFE_PATH" });
    await expect(planWeights([entry], { context, dir: "/tmp" })).rejects.toMatchObject({
      code: "WEIGHTS_UNSAFE_PATH",
    });
  });
});

describe("a redirect", () => {
  const redirecting = async (location: (origin: Origin) => string) => {
    const dir = await temporaryDirectory();
    const origin = await Origin.start();
    const url = origin.add("/a", CONTENT);
    origin.misbehave = ({ path }, response) => {
      if (path !== "/a") return false;
      response.writeHead(302, { location: location(origin) }).end();
      return true;
    };
    return { outcome: fetchInto(dir, [pointer("a", url, CONTENT)]), origin, dir };
  };

  test.each(["file:///etc/passwd", "ftp://host/x", "http://user:secret@host/", "http://[", "javascript:1"])(
    "to %s is not followed",
    async (location) => {
      const { outcome } = await redirecting(() => location);
      const error = await outcome.catch((reason) => reason);
      expect(error.code).toBe("WEIGHTS_TRANSFER_FAILED");
      expect(error.message).not.toContain("secret");
    },
  );

  test("in a circle ends", async () => {
    const { outcome } = await redirecting(({ url }) => `${url}/a`);
    await expect(outcome).rejects.toMatchObject({ code: "WEIGHTS_TRANSFER_FAILED" });
  });

  test("to another address is followed without credentials", async () => {
    const { outcome, origin, dir } = await redirecting(
      (self) => `${self.url.replace("127.0.0.1", "localhost")}/b`,
    );
    origin.add("/b", CONTENT);
    await outcome;
    expect((await readTree(join(dir, "target")))["a"]!.toString()).toBe("harmless");
  });
});

test("an origin that never ends its headers, or sends rubbish, is given up", async () => {
  const dir = await temporaryDirectory();
  const origin = await Origin.start();
  const pointers = [pointer("a", origin.add("/a", random(10)), random(10))];
  origin.misbehave = (_, response) => {
    response.socket!.end(`HTTP/1.1 206 Fine\r\n${"x-long: y\r\n".repeat(20_000)}`);
    return true;
  };
  await expect(fetchInto(dir, pointers)).rejects.toMatchObject({ code: "SOURCE_UNREACHABLE" });
});
