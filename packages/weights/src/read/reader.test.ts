import { closeSync, openSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import type { RangeReader, ReadJob } from "./job.ts";
import { SocketReader } from "./socket-reader.ts";
import { UndiciReader } from "./undici-reader.ts";

/** A server that answers each request with the bytes a test gives, as they are. */
async function rawServer(answer: (socket: Socket, nth: number) => void): Promise<string> {
  let nth = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("data", () => answer(socket, nth++));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as { port: number }).port}/a`;
}

async function jobFor(url: string, change: Partial<ReadJob> = {}) {
  const dir = await mkdtemp(join(tmpdir(), "chains-reader-"));
  const path = join(dir, "part");
  const fd = openSync(path, "w+");
  onTestFinished(() => {
    closeSync(fd);
    return rm(dir, { recursive: true });
  });
  const job: ReadJob = {
    id: 1,
    fd,
    url,
    headers: {},
    start: 0,
    end: 5,
    size: 5,
    whole: false,
    hash: "sha256",
    stallMs: 5_000,
    ...change,
  };
  return { job, written: () => readFileSync(path, "utf8"), bytes: () => readFileSync(path) };
}

const HEAD =
  'HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-4/5\r\nContent-Length: 5\r\nETag: "v1"\r\n\r\n';

function opened<T extends RangeReader>(reader: T): T {
  onTestFinished(() => reader.close());
  return reader;
}

describe.each([
  ["sockets", () => new SocketReader()],
  ["undici", () => new UndiciReader()],
])("reading with %s", (_, make) => {
  test("the bytes, their hash and the version arrive", async () => {
    const url = await rawServer((socket) => socket.write(`${HEAD}hello`));
    const { job, written } = await jobFor(url);
    const { digest, etag } = await opened(make()).read(job, () => {});
    expect(written()).toBe("hello");
    expect(digest).toBe("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
    expect(etag).toBe('"v1"');
  });

  test.each(["before a job", "while it connects", "while it waits for an answer"])(
    "closed %s, it ends the job at once",
    async (moment) => {
      const reader = make();
      let asked = (): void => {};
      const waiting = new Promise<void>((resolve) => {
        asked = resolve;
      });
      const { job } = await jobFor(await rawServer(() => asked()), { stallMs: 600_000 });
      if (moment === "before a job") await reader.close();
      const outcome = expect(reader.read(job, () => {})).rejects.toMatchObject({ fault: { kind: "closed" } });
      if (moment === "while it waits for an answer") await waiting;
      await reader.close();
      await outcome;
    },
  );

  test("an answer that comes byte by byte is the same", async () => {
    const url = await rawServer((socket) => {
      const bytes = [...`${HEAD}hello`];
      const next = () => {
        const byte = bytes.shift();
        if (byte !== undefined) socket.write(byte, () => setImmediate(next));
      };
      next();
    });
    const { job, written } = await jobFor(url);
    await opened(make()).read(job, () => {});
    expect(written()).toBe("hello");
  });

  test("a range of any length, from any place, that comes in portions of any size, lands at its place", async () => {
    const size = 1_000_000;
    const content = Buffer.from(Uint8Array.from({ length: size }, (_, i) => (i * 31 + (i >> 8)) & 255));
    const range = fc
      .tuple(fc.nat(size - 1), fc.nat(size - 1))
      .map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) + 1 }));
    const reader = opened(make());
    await fc.assert(
      fc.asyncProperty(
        range,
        fc.array(fc.integer({ min: 1, max: 300_000 })),
        async ({ start, end }, portions) => {
          const head = `HTTP/1.1 206 Partial Content\r\nContent-Range: bytes ${start}-${end - 1}/${size}\r\nContent-Length: ${end - start}\r\nConnection: close\r\n\r\n`;
          const answer = Buffer.concat([Buffer.from(head), content.subarray(start, end)]);
          const url = await rawServer((socket) => {
            let sent = 0;
            const next = () => {
              const to = sent + (portions.shift() ?? answer.length);
              const portion = answer.subarray(sent, to);
              sent = to;
              if (portion.length > 0) socket.write(portion, () => setImmediate(next));
            };
            next();
          });
          const { job, bytes } = await jobFor(url, { start, end, size, hash: null });
          await reader.read(job, () => {});
          expect(bytes().subarray(start).equals(content.subarray(start, end))).toBe(true);
          expect(
            bytes()
              .subarray(0, start)
              .every((byte) => byte === 0),
          ).toBe(true);
        },
      ),
      { numRuns: 25 },
    );
  });

  test("what came of a range before its connection broke is there, and told", async () => {
    const head =
      "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-999999/1000000\r\nContent-Length: 1000000\r\n\r\n";
    const url = await rawServer((socket) => socket.end(`${head}${"a".repeat(700_000)}`));
    const { job, written } = await jobFor(url, { end: 1_000_000, size: 1_000_000 });
    let told = 0;
    const reading = opened(make()).read(job, (offset) => {
      told = offset;
    });
    await expect(reading).rejects.toMatchObject({ fault: { kind: "network" } });
    expect(told).toBe(700_000);
    expect(written()).toBe("a".repeat(700_000));
  });

  test("a connection is used again, and replaced when the server has closed it meanwhile", async () => {
    const url = await rawServer((socket, nth) => {
      socket.write(`${HEAD}hello`);
      if (nth === 1) socket.end();
    });
    const reader = opened(make());
    for (let i = 0; i < 4; i++) {
      const { job, written } = await jobFor(url);
      await reader.read(job, () => {});
      expect(written()).toBe("hello");
    }
  });

  test("a full disk is told as such", async () => {
    const url = await rawServer((socket) => socket.write(`${HEAD}hello`));
    const fd = openSync("/dev/full", "w");
    onTestFinished(() => closeSync(fd));
    const { job } = await jobFor(url, { fd });
    await expect(opened(make()).read(job, () => {})).rejects.toMatchObject({
      fault: { kind: "disk", code: "ENOSPC" },
    });
  });

  test.each([
    ["ends early", `${HEAD}hel`, { kind: "network" }],
    ["is refused", "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", { kind: "status", status: 403 }],
    [
      "asks for patience",
      "HTTP/1.1 429 No\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n",
      { kind: "status", retryAfterMs: 7000 },
    ],
    [
      "leads elsewhere",
      "HTTP/1.1 302 Found\r\nLocation: http://other/\r\nContent-Length: 0\r\n\r\n",
      { kind: "redirect" },
    ],
    ["is the whole file", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", { kind: "no-ranges" }],
    ["is of another range", HEAD.replace("0-4", "1-5").concat("hello"), { kind: "protocol" }],
    ["has no range", "HTTP/1.1 206 Partial\r\nContent-Length: 5\r\n\r\nhello", { kind: "protocol" }],
  ])("an answer that %s is a fault, and writes nothing wrong", async (_name, answer, fault) => {
    const url = await rawServer((socket) => socket.end(answer));
    const { job, written } = await jobFor(url, { hash: null });
    await expect(opened(make()).read(job, () => {})).rejects.toMatchObject({ fault });
    expect("hello".startsWith(written())).toBe(true);
  });

  test("a header with a line break in it is not sent", async () => {
    const { job } = await jobFor("http://127.0.0.1:1/a", { headers: { authorization: "a\r\nx: y" } });
    await expect(opened(make()).read(job, () => {})).rejects.toMatchObject({
      fault: { kind: expect.any(String) },
    });
  });
});

test.each([
  [
    "in chunks",
    "HTTP/1.1 206 Partial\r\nTransfer-Encoding: chunked\r\nContent-Range: bytes 0-4/5\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
  ],
  ["with a notice before it", `HTTP/1.1 103 Early Hints\r\n\r\n${HEAD}hello`],
  ["with two lengths", HEAD.replace("\r\n\r\n", "\r\nContent-Length: 6\r\n\r\n").concat("hello")],
  ["of an old protocol", HEAD.replace("HTTP/1.1", "HTTP/1.0").concat("hello")],
])("an answer %s is left to a full client", async (_, answer) => {
  const url = await rawServer((socket) => socket.write(answer));
  const { job, written } = await jobFor(url);
  await expect(opened(new SocketReader()).read(job, () => {})).rejects.toMatchObject({
    fault: { kind: "unusual" },
  });
  expect(written()).toBe("");
});
