import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface HubRepo {
  readonly commit: string;
  readonly branches: readonly string[];
  /** Only with this token. */
  readonly token?: string;
  readonly gated?: boolean;
  /** Files above `lfsFrom` bytes are kept in another host's storage, as LFS and xet files are. */
  readonly files: Readonly<Record<string, Buffer>>;
}

const LFS_FROM = 1024;

/** A Hugging Face Hub: its listing, its resolve addresses, and its storage on another host and port. */
export class FakeHub {
  readonly repos = new Map<string, HubRepo>();
  /** What each host was asked, in order. */
  readonly requests: {
    host: "hub" | "storage";
    method: string;
    url: string;
    headers: IncomingMessage["headers"];
  }[] = [];
  /** For servers that a test puts in front: the address that this Hub has for the world, and for its storage. */
  readonly serveHub = (request: IncomingMessage, response: ServerResponse) =>
    this.#serveHub(request, response);
  readonly serveStorage = (request: IncomingMessage, response: ServerResponse) =>
    this.#serveStorage(request, response);
  /** Entries of one listing page. */
  pageSize = 2;
  storage = "";
  url = "";

  static async start(): Promise<FakeHub> {
    const hub = new FakeHub();
    hub.url = await listen("127.0.0.1", (request, response) => hub.#serveHub(request, response));
    hub.storage = await listen("localhost", (request, response) => hub.#serveStorage(request, response));
    return hub;
  }

  #serveHub(request: IncomingMessage, response: ServerResponse): void {
    this.requests.push({ host: "hub", method: request.method!, url: request.url!, headers: request.headers });
    const url = new URL(request.url!, this.url);
    const api = /^\/api\/models\/([^/]+\/[^/]+)\/(revision|tree)\/([^/]+)$/.exec(url.pathname);
    const file = /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(url.pathname);
    const match = api ?? file;
    const repo = match && this.repos.get(match[1]!);
    if (!repo || !this.#allowed(repo, request)) {
      refuse(request, response, repo ?? undefined);
      return;
    }
    const revision = decodeURIComponent((api ? match[3] : match[2])!);
    if (revision !== repo.commit && !repo.branches.includes(revision)) {
      response.writeHead(404, { "x-error-code": "RevisionNotFound" }).end("{}");
    } else if (api && match[2] === "revision") this.#revision(match[1]!, repo, response);
    else if (api) this.#tree(repo, url, response);
    else this.#resolve(repo, decodeURIComponent(match[3]!), request, response);
  }

  #allowed(repo: HubRepo, request: IncomingMessage): boolean {
    return repo.token === undefined || request.headers.authorization === `Bearer ${repo.token}`;
  }

  #revision(id: string, repo: HubRepo, response: ServerResponse): void {
    const siblings = Object.keys(repo.files).map((rfilename) => ({ rfilename }));
    json(response, {
      id,
      modelId: id,
      sha: repo.commit,
      private: false,
      gated: false,
      disabled: false,
      tags: [],
      downloads: 0,
      likes: 0,
      siblings,
    });
  }

  #tree(repo: HubRepo, url: URL, response: ServerResponse): void {
    const from = Number(url.searchParams.get("cursor") ?? 0);
    const names = Object.keys(repo.files).sort();
    const entries: unknown[] = names.slice(from, from + this.pageSize).map((path) => {
      const content = repo.files[path]!;
      if (content.length < LFS_FROM)
        return { type: "file", path, size: content.length, oid: gitBlob(content) };
      const pointerFile = gitBlob(Buffer.from("a pointer file"));
      const lfs = { oid: sha256(content), size: content.length, pointerSize: 130 };
      return {
        type: "file",
        path,
        size: content.length,
        oid: pointerFile,
        lfs,
        xetHash: sha256(Buffer.from(path)),
      };
    });
    if (from === 0) entries.unshift({ type: "directory", path: "a-directory", size: 0, oid: "0".repeat(40) });
    if (from + this.pageSize < names.length) {
      const next = new URL(url);
      next.searchParams.set("cursor", String(from + this.pageSize));
      response.setHeader("link", `<${next.href}>; rel="next"`);
    }
    json(response, entries);
  }

  #resolve(repo: HubRepo, path: string, request: IncomingMessage, response: ServerResponse): void {
    const content = repo.files[path];
    if (content === undefined) {
      response.writeHead(404, { "x-error-code": "EntryNotFound" }).end();
      return;
    }
    response.setHeader("x-repo-commit", repo.commit);
    if (content.length < LFS_FROM) {
      response.setHeader("etag", `"${gitBlob(content)}"`);
      sendRange(request, response, content);
      return;
    }
    const hash = sha256(content);
    response.writeHead(302, {
      location: `${this.storage}/xet/${hash}?Expires=4044816725&Signature=good`,
      "x-linked-etag": `"${hash}"`,
      "x-linked-size": content.length,
      "content-length": 0,
    });
    response.end();
  }

  #serveStorage(request: IncomingMessage, response: ServerResponse): void {
    this.requests.push({
      host: "storage",
      method: request.method!,
      url: request.url!,
      headers: request.headers,
    });
    const url = new URL(request.url!, this.storage);
    const hash = url.pathname.split("/").at(-1);
    const content = [...this.repos.values()]
      .flatMap(({ files }) => Object.values(files))
      .find((bytes) => sha256(bytes) === hash);
    if (content === undefined || url.searchParams.get("Signature") !== "good") response.writeHead(403).end();
    else {
      response.setHeader("etag", '"an-etag-of-the-storage"');
      sendRange(request, response, content);
    }
  }
}

function refuse(request: IncomingMessage, response: ServerResponse, repo: HubRepo | undefined): void {
  if (repo?.gated) response.writeHead(403, { "x-error-code": "GatedRepo" }).end("{}");
  else {
    const status = request.headers.authorization === undefined ? 401 : 404;
    response.writeHead(status, { "x-error-code": "RepoNotFound" }).end("{}");
  }
}

export function sendRange(request: IncomingMessage, response: ServerResponse, content: Buffer): void {
  response.setHeader("accept-ranges", "bytes");
  const match = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
  if (match === null) response.writeHead(200, { "content-length": content.length });
  else {
    const start = Number(match[1]);
    const end = Math.min(match[2] === "" ? content.length : Number(match[2]) + 1, content.length);
    response.writeHead(206, {
      "content-range": `bytes ${start}-${end - 1}/${content.length}`,
      "content-length": end - start,
    });
    content = content.subarray(start, end);
  }
  response.end(request.method === "HEAD" ? undefined : content);
}

export async function listen(
  host: string,
  serve: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://${host}:${(server.address() as AddressInfo).port}`;
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
}

const digests = new WeakMap<Buffer, string>();

/** Remembered: a Hub is asked for the same large files again and again. */
export function sha256(content: Buffer): string {
  const digest = digests.get(content) ?? createHash("sha256").update(content).digest("hex");
  digests.set(content, digest);
  return digest;
}

export function gitBlob(content: Buffer): string {
  return createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
}
