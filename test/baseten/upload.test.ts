import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readS3Settings } from "../../packages/baseten/src/upload/aws-config.ts";
import { bucketRegion } from "../../packages/baseten/src/upload/bucket-region.ts";
import {
  type BegunUpload,
  type UploadOptions,
  uploadArchive,
} from "../../packages/baseten/src/upload/upload-archive.ts";
import { type S3Call, S3Server } from "./fake/s3/s3-server.ts";

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
const MiB = 2 ** 20;

let s3: S3Server;
let directory: string;
beforeEach(async () => {
  s3 = await S3Server.start();
  directory = await mkdtemp(join(tmpdir(), "upload-"));
});
afterEach(async () => {
  await s3[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

let targets = 0;
beforeEach(() => {
  targets = 0;
});

/** Options of an upload of random bytes, and the bytes. */
async function archiveOf(bytes: number, more: Partial<UploadOptions> = {}) {
  const content = randomBytes(bytes);
  const file = join(directory, "archive.tar");
  await writeFile(file, content);
  const options: UploadOptions = {
    archive: { file, bytes, sha256: "" },
    name: "Chainlet",
    settings: { endpoint: s3.url, region: s3.region, forcePathStyle: true },
    newTarget: async () => {
      targets += 1;
      return { bucket: "b", key: `model/${targets}.tgz`, credentials: s3.grant("b", "model/") };
    },
    ...more,
  };
  return { options, content };
}

const isPart = ({ query }: S3Call) => query.has("partNumber");
const arrived = (key: string) => s3.bucket("b").objects.get(key);

describe("an upload", () => {
  it.each([1, 8 * MiB - 1, 8 * MiB, 20 * MiB + 3])("of %d bytes arrives as it is", async (bytes) => {
    const { options, content } = await archiveOf(bytes);
    const progress: number[] = [];
    const key = await uploadArchive({ ...options, onBytes: (done) => progress.push(done) });
    expect(arrived(key)!.equals(content)).toBe(true);
    expect(progress.at(-1)).toBe(bytes);
    expect(s3.calls.filter(isPart)).toHaveLength(bytes < 8 * MiB ? 0 : Math.ceil(bytes / (8 * MiB)));
  });

  it("survives lost connections at any byte, errors and throttling of its parts", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.record({ loseAfterBytes: fc.integer({ min: 0, max: 8 * MiB }) }),
            fc.constantFrom({ status: 503, code: "SlowDown" }, { status: 500, code: "InternalError" }),
            fc.constant(undefined),
          ),
          { maxLength: 6 },
        ),
        async (troubles) => {
          const queue = [...troubles];
          s3.trouble = (call) => (isPart(call) ? queue.shift() : undefined);
          const { options, content } = await archiveOf(20 * MiB);
          const key = await uploadArchive(options);
          expect(arrived(key)!.equals(content)).toBe(true);
        },
      ),
      { numRuns: 5 },
    );
  });

  it("goes on with new credentials when the old ones run out, and keeps the parts that have arrived", async () => {
    const { options, content } = await archiveOf(72 * MiB);
    let parts = 0;
    s3.trouble = (call) => {
      if (isPart(call)) parts += 1;
      if (parts === 9 && targets === 1) s3.expireAll();
      return undefined;
    };
    const key = await uploadArchive(options);
    expect(key).toBe("model/1.tgz");
    expect(targets).toBe(2);
    expect(arrived(key)!.equals(content)).toBe(true);
    expect(s3.calls.filter(({ method, query }) => method === "POST" && query.has("uploads"))).toHaveLength(1);
  });

  it("starts over where the new credentials do not reach what was begun", async () => {
    const { options, content } = await archiveOf(20 * MiB);
    const newTarget = async () => {
      targets += 1;
      return { bucket: "b", key: `model/${targets}.tgz`, credentials: s3.grant("b", `model/${targets}.tgz`) };
    };
    s3.trouble = (call) => {
      if (isPart(call) && targets === 1) s3.expireAll();
      return undefined;
    };
    const key = await uploadArchive({ ...options, newTarget });
    expect(key).not.toBe("model/1.tgz");
    expect(arrived(key)!.equals(content)).toBe(true);
  });

  it("takes up what an earlier process had begun", async () => {
    const { options, content } = await archiveOf(24 * MiB);
    let begun: BegunUpload | undefined;
    s3.trouble = (call) =>
      isPart(call) && call.query.get("partNumber") === "3"
        ? { status: 400, code: "InvalidRequest" }
        : undefined;
    const onBegun = async (upload: BegunUpload | undefined) => {
      begun = upload;
    };
    await expect(uploadArchive({ ...options, onBegun })).rejects.toMatchObject({
      code: "UPLOAD_FAILED",
      message: "The upload of Chainlet failed: S3 answered InvalidRequest (status 400).",
    });
    s3.trouble = () => undefined;
    const [had] = s3.bucket("b").uploads.values();
    const missing = 3 - had!.parts.size;
    s3.calls.length = 0;
    const key = await uploadArchive({ ...options, begun, onBegun });
    expect(s3.calls.filter(isPart)).toHaveLength(missing);
    expect(arrived(key)!.equals(content)).toBe(true);
    expect(begun).toBeUndefined();
  });

  it("frees what it has begun when it is interrupted", async () => {
    const aborter = new AbortController();
    const { options } = await archiveOf(40 * MiB, { signal: aborter.signal });
    s3.trouble = (call) => {
      if (isPart(call)) aborter.abort();
      return undefined;
    };
    await expect(uploadArchive(options)).rejects.toMatchObject({ code: "INTERRUPTED" });
    expect(s3.bucket("b").uploads.size).toBe(0);
    expect(s3.bucket("b").objects.size).toBe(0);
  });

  it("sends a part again when S3 stops to read it, and asks again where it never answers", async () => {
    const stalls = new Map<string, number>();
    s3.trouble = (call) => {
      const what = isPart(call) ? `part ${call.query.get("partNumber")}` : call.method;
      const count = (stalls.get(what) ?? 0) + 1;
      stalls.set(what, count);
      return count === 1 ? { stallAfterBytes: isPart(call) ? MiB : 0 } : undefined;
    };
    const { options, content } = await archiveOf(20 * MiB, { timeoutMs: 500 });
    const key = await uploadArchive(options);
    expect(arrived(key)!.equals(content)).toBe(true);
    expect(stalls).toEqual(
      new Map([
        ["HEAD", 2],
        ["POST", 3],
        ["GET", 2],
        ["part 1", 2],
        ["part 2", 2],
        ["part 3", 2],
      ]),
    );
  });

  it("ends with a clear message when S3 never reads on", async () => {
    const { options } = await archiveOf(9 * MiB, { timeoutMs: 200 });
    s3.trouble = (call) => (isPart(call) ? { stallAfterBytes: MiB } : undefined);
    await expect(uploadArchive(options)).rejects.toMatchObject({
      code: "UPLOAD_FAILED",
      message: "The upload of Chainlet failed: S3 said nothing for 0.2 seconds, several times over.",
      fix: expect.stringContaining("Push again"),
    });
  });

  it("ends when it is interrupted while S3 is silent", async () => {
    const aborter = new AbortController();
    const { options } = await archiveOf(9 * MiB, { signal: aborter.signal });
    s3.trouble = (call) => {
      if (!isPart(call)) return undefined;
      aborter.abort();
      return { stallAfterBytes: 0 };
    };
    await expect(uploadArchive(options)).rejects.toMatchObject({ code: "INTERRUPTED" });
  });

  it("finds its way to the bucket's region", async () => {
    const { options, content } = await archiveOf(10);
    const settings = { ...options.settings, region: "eu-central-1" };
    const key = await uploadArchive({ ...options, settings });
    expect(arrived(key)!.equals(content)).toBe(true);
    expect(await bucketRegion("b", s3.url)).toBe(s3.region);
  });

  it("with wrong credentials fails at once, without showing them", async () => {
    const { options } = await archiveOf(10);
    const credentials = { ...s3.grant("b", "model/"), secretAccessKey: "wrongsecret" };
    const error = await uploadArchive({
      ...options,
      newTarget: async () => ({ bucket: "b", key: "model/x", credentials }),
    }).catch((thrown) => thrown);
    expect(error).toMatchObject({
      code: "UPLOAD_FAILED",
      message: expect.stringContaining("SignatureDoesNotMatch"),
    });
    expect(JSON.stringify(error) + error.message).not.toContain("wrongsecret");
    expect(s3.calls.filter(({ method }) => method === "PUT")).toHaveLength(1);
  });
});

describe("the AWS configuration", () => {
  const of = async (text: string) => {
    await (await import("node:fs/promises")).mkdir(join(directory, ".aws"));
    await writeFile(join(directory, ".aws/config"), text);
    return readS3Settings({ HOME: directory, AWS_ENDPOINT_URL_S3: "http://not.this" });
  };

  it("gives the endpoint, the region and the style of addresses of its default profile", async () => {
    expect(
      await of(
        "[default]\nregion = eu-1\nendpoint_url = http://a\ns3 =\n  addressing_style = path\n[profile x]\nregion = no\n",
      ),
    ).toEqual({ endpoint: "http://a", region: "eu-1", forcePathStyle: true });
  });

  it("prefers the endpoint that is for S3 alone", async () => {
    const text =
      "[default]\nservices = mine\nendpoint_url = http://a\n[services mine]\ns3 =\n  endpoint_url = http://b\n";
    expect((await of(text)).endpoint).toBe("http://b");
  });

  it("need not exist", async () => {
    expect(await readS3Settings({ HOME: join(directory, "nobody") })).toEqual({
      endpoint: undefined,
      region: undefined,
      forcePathStyle: false,
    });
  });
});
