import { createHash } from "node:crypto";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Misbehaviour, Origin, type OriginRequest } from "./support/origin.ts";
import { readTree, temporaryDirectory } from "./support/temp.ts";
import { fetchInto, pointer, random } from "./support/transfer.ts";

const MiB = 1024 * 1024;

/** A file whose manifest knows no hash of its content, at an origin that changes it while it is fetched. */
async function fetchChanging(size: number, misbehave: (versions: readonly Buffer[]) => Misbehaviour) {
  const dir = await temporaryDirectory();
  const origin = await Origin.start();
  const versions = [random(size), random(size)];
  const unpinned = { hashtype: "etag", hash: "opaque" } as const;
  const pointers = [pointer("a", origin.add("/a", versions[0]!), versions[0]!, unpinned)];
  origin.misbehave = misbehave(versions);
  const outcome = fetchInto(dir, pointers).then(
    async () => (await readTree(join(dir, "target")))["a"]!,
    (error) => error,
  );
  return { origin, versions, outcome };
}

function serve(
  { range }: OriginRequest,
  response: Parameters<Misbehaviour>[1],
  content: Buffer,
  etag: string,
  most = Number.POSITIVE_INFINITY,
): void {
  const { start, end } = range ?? { start: 0, end: content.length };
  const headers = { etag, "content-length": end - start };
  if (range === null) response.writeHead(200, headers);
  else
    response.writeHead(206, {
      ...headers,
      "content-range": `bytes ${start}-${end - 1}/${content.length}`,
    });
  const bytes = content.subarray(start, end);
  if (bytes.length <= most) response.end(bytes);
  else response.write(bytes.subarray(0, most), () => response.destroy());
}

/** The request for one byte that asks about the file. */
const asksAbout = ({ range }: OriginRequest): boolean => range?.end === 1;

test("an answer that broke off is not continued with another version's bytes", async () => {
  let answers = 0;
  const { outcome, versions } = await fetchChanging(4 * MiB, ([before, after]) => (request, response) => {
    if (asksAbout(request) || answers++ > 0) serve(request, response, after!, '"after"');
    else serve(request, response, before!, '"before"', MiB);
    return true;
  });
  expect((await outcome).equals(versions[1]!)).toBe(true);
});

test("an origin of two backends that differ is asked for the whole file at once, after a few attempts", async () => {
  const { outcome, versions, origin } = await fetchChanging(40 * MiB, (both) => (request, response) => {
    const turn = request.nth % 2;
    serve(request, response, both[turn]!, `"${turn}"`);
    return true;
  });
  const got = await outcome;
  expect(versions.some((version) => version.equals(got))).toBe(true);
  expect(origin.requests.at(-1)!.range).toBeNull();
});

test("a newer version is fetched, and compared with the hash that the origin offers for it", async () => {
  const digest = (content: Buffer) => `sha-256=:${createHash("sha256").update(content).digest("base64")}:`;
  let refused = false;
  const { outcome, versions } = await fetchChanging(MiB, ([before, after]) => (request, response) => {
    if (asksAbout(request)) {
      response.setHeader("repr-digest", digest(refused ? after! : before!));
      serve(request, response, refused ? after! : before!, '"any"');
    } else if (!refused) {
      refused = true;
      response.writeHead(412).end();
    } else serve(request, response, after!, '"any"');
    return true;
  });
  expect((await outcome).equals(versions[1]!)).toBe(true);
});

test("an origin that says again and again that the file has changed is given up", async () => {
  const { outcome, origin } = await fetchChanging(MiB, () => (request, response) => {
    if (asksAbout(request)) return false;
    response.writeHead(412).end();
    return true;
  });
  expect(await outcome).toMatchObject({
    code: "SOURCE_UNREACHABLE",
    message: expect.stringContaining("412"),
  });
  expect(origin.requests.length).toBeLessThan(20);
});

test("what a redirect says about itself is not taken for the file it leads to", async () => {
  const dir = await temporaryDirectory();
  const origin = await Origin.start();
  const content = random(1000);
  const digest = (of: Buffer | string) => `sha-256=:${createHash("sha256").update(of).digest("base64")}:`;
  const url = origin.add("/moved", content);
  origin.add("/file", content);
  origin.misbehave = ({ path }, response) => {
    if (path === "/moved") {
      response.writeHead(302, { location: "/file", "repr-digest": digest("moved") }).end("moved");
      return true;
    }
    response.setHeader("repr-digest", digest(content));
    return false;
  };
  const { events } = await fetchInto(dir, [pointer("a", url, content, { hashtype: "etag", hash: "opaque" })]);
  expect(events).toContainEqual(expect.objectContaining({ type: "file-done", verified: "sha256" }));
});
