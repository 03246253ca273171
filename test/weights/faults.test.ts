import { join } from "node:path";
import { ChainsError } from "@truss-chains/errors";
import { expect, test } from "vitest";
import { type Misbehaviour, Origin, serveRange } from "./support/origin.ts";
import { readTree, temporaryDirectory } from "./support/temp.ts";
import { type FetchOptions, fetchInto, pointer, random } from "./support/transfer.ts";

const MiB = 1024 * 1024;

async function fetchWith(misbehave: Misbehaviour, size = 20 * MiB, options: FetchOptions = {}) {
  const dir = await temporaryDirectory();
  const origin = await Origin.start();
  const content = random(size);
  const pointers = [pointer("a", origin.add("/a", content), content)];
  origin.misbehave = misbehave;
  const outcome = fetchInto(dir, pointers, options);
  const tree = () => readTree(join(dir, "target"));
  return { dir, origin, content, outcome, tree };
}

async function expectArrival(misbehave: Misbehaviour, size?: number, options?: FetchOptions) {
  const { content, outcome, tree, origin } = await fetchWith(misbehave, size, options);
  const { events } = await outcome;
  expect((await tree())["a"]!.equals(content)).toBe(true);
  return { origin, events };
}

async function expectRefusal(code: string, misbehave: Misbehaviour, size?: number, options?: FetchOptions) {
  const { outcome, tree } = await fetchWith(misbehave, size, options);
  const error = await outcome.then(
    () => expect.unreachable("the transfer must fail"),
    (reason: ChainsError) => reason,
  );
  expect(error).toBeInstanceOf(ChainsError);
  expect(error.code).toBe(code);
  expect(error.fix).toBeDefined();
  expect((await tree())["a"]).toBeUndefined();
  return error;
}

test("a body that ends early is continued where it ended", async () => {
  const { origin } = await expectArrival(({ range, nth }, response, content) => {
    if (nth > 1) return false;
    const { start, end } = range!;
    response.writeHead(206, {
      "content-range": `bytes ${start}-${end - 1}/${content.length}`,
      "content-length": end - start,
    });
    response.write(content.subarray(start, start + MiB), () => response.destroy());
    return true;
  });
  const starts = origin.requests.map(({ range }) => range!.start);
  expect(new Set(starts).size).toBe(starts.length);
});

test("a connection that breaks before any answer is replaced", async () => {
  await expectArrival(({ nth }, response) => {
    if (nth > 0) return false;
    response.destroy();
    return true;
  });
});

test("corrupted bytes are noticed, and the file is fetched once more", async () => {
  await expectArrival((request, response, content) => {
    if (request.nth > 1) return false;
    const wrong = Buffer.from(content);
    wrong[1234] = wrong[1234]! ^ 1;
    serveRange(request, response, wrong);
    return true;
  });
});

test("an origin whose bytes stay wrong is refused, and nothing is put in place", async () => {
  const error = await expectRefusal("WEIGHTS_CORRUPT", (request, response, content) => {
    const wrong = Buffer.from(content);
    wrong[content.length - 1] = wrong[content.length - 1]! ^ 1;
    serveRange(request, response, wrong);
    return true;
  });
  expect(error.message).toContain("sha256");
});

test("an answer with other bytes than those asked for is refused", async () => {
  const error = await expectRefusal("WEIGHTS_TRANSFER_FAILED", (request, response, content) => {
    const { start, end } = request.range!;
    response.writeHead(206, {
      "content-range": `bytes ${start + 1}-${end}/${content.length}`,
      "content-length": end - start,
    });
    response.end(content.subarray(start, end));
    return true;
  });
  expect(error.message).toMatch(/asked for/);
});

test("an origin that tells another size is refused", async () => {
  const error = await expectRefusal("WEIGHTS_TRANSFER_FAILED", (request, response, content) => {
    serveRange(request, response, Buffer.concat([content, Buffer.alloc(1)]));
    return true;
  });
  expect(error.message).toMatch(/bytes there, not/);
});

test("a compressed answer is refused: its offsets mean nothing", async () => {
  const error = await expectRefusal("WEIGHTS_TRANSFER_FAILED", ({ range }, response, content) => {
    const { start, end } = range!;
    response.writeHead(206, {
      "content-range": `bytes ${start}-${end - 1}/${content.length}`,
      "content-length": end - start,
      "content-encoding": "gzip",
    });
    response.end(content.subarray(start, end));
    return true;
  });
  expect(error.message).toContain("gzip");
});

test("a stalled connection is replaced while other ranges go on", async () => {
  const { events, origin } = await expectArrival(
    ({ nth, range }, response, content) => {
      if (nth > 0) return false;
      const { start, end } = range!;
      response.writeHead(206, {
        "content-range": `bytes ${start}-${end - 1}/${content.length}`,
        "content-length": end - start,
      });
      response.write(content.subarray(start, start + MiB));
      return true;
    },
    20 * MiB,
    { stallMs: 100 },
  );
  expect(events).toContainEqual(expect.objectContaining({ type: "retry", reason: "the connection stalled" }));
  expect(origin.requests.length).toBe(3);
});

test("429 is honoured: nobody asks again before the origin allows it", async () => {
  let allowed = 0;
  const early: number[] = [];
  const { events } = await expectArrival(({ nth }, response) => {
    if (nth === 0) {
      allowed = performance.now() + 1000;
      response.writeHead(429, { "retry-after": "1" }).end();
      return true;
    }
    if (performance.now() < allowed - 20) early.push(nth);
    return false;
  }, 1000);
  expect(events).toContainEqual(expect.objectContaining({ type: "retry", waitMs: 1000 }));
  expect(early).toEqual([]);
});

test("a server error passes", async () => {
  await expectArrival(({ nth }, response) => {
    if (nth > 0) return false;
    response.writeHead(500).end("oops");
    return true;
  }, 1000);
});

test("a file that is gone is named", async () => {
  const error = await expectRefusal("WEIGHTS_NOT_FOUND", (_, response) => {
    response.writeHead(404).end();
    return true;
  });
  expect(error.message).toContain("/a");
});

test("a refusal says so", async () => {
  await expectRefusal("SOURCE_DENIED", (_, response) => {
    response.writeHead(403).end();
    return true;
  });
});

test("a host that does not exist is named", async () => {
  const dir = await temporaryDirectory();
  const content = random(10);
  await expect(
    fetchInto(dir, [pointer("a", "http://no-such-host.invalid/a", content)]),
  ).rejects.toMatchObject({
    code: "SOURCE_UNREACHABLE",
    message: expect.stringContaining("no-such-host.invalid"),
  });
});

test("a disk that is too small is noticed before the first byte", async () => {
  const dir = await temporaryDirectory();
  const origin = await Origin.start();
  const content = random(MiB);
  const pointers = [pointer("a", origin.add("/a", content), content)];
  await expect(fetchInto(dir, pointers, { freeBytes: async () => MiB })).rejects.toMatchObject({
    code: "WEIGHTS_DISK_FULL",
    message: expect.stringMatching(/ 1\.0 MiB more .* 1\.0 MiB are free.* 16\.0 MiB must stay/),
  });
  expect(origin.requests).toEqual([]);
});

test("a failed transfer keeps what it has, and the next one continues", async () => {
  const dir = await temporaryDirectory();
  const origin = await Origin.start();
  const content = random(40 * MiB);
  const pointers = [pointer("a", origin.add("/a", content), content)];
  origin.misbehave = ({ range }, response) => {
    if (range!.start === 0) return false;
    response.writeHead(403).end();
    return true;
  };
  await expect(fetchInto(dir, pointers)).rejects.toMatchObject({ code: "SOURCE_DENIED" });
  const kept = Object.keys(await readTree(join(dir, "target"))).sort();
  expect(kept).toEqual([expect.stringMatching(/^\.truss-transfer\/\w+\.part$/), ".truss-transfer/journal"]);
  origin.misbehave = () => false;
  await fetchInto(dir, pointers);
  expect(Object.keys(await readTree(join(dir, "target")))).toEqual(["a"]);
  expect((await readTree(join(dir, "target")))["a"]!.equals(content)).toBe(true);
});
