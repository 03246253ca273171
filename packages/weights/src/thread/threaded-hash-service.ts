import type { Worker } from "node:worker_threads";
import type { FileHashing, HashService } from "../hashing/hash-service.ts";
import { LocalHashService } from "../hashing/local-hash-service.ts";
import { ReadFault } from "../read/fault.ts";
import type { ContentHashKind } from "../sources/fetcher.ts";
import type { HasherReply, HasherRequest } from "./messages.ts";
import { spawnThread } from "./spawn.ts";

interface Waiting {
  readonly resolve: (digest: string) => void;
  readonly reject: (fault: ReadFault) => void;
}

/**
 * Hashes in threads; each file stays with the thread that had the least to do when it came. They start with the first
 * files: what comes in one piece is hashed by its reader, so that trees of small files need none.
 */
export class ThreadedHashService implements HashService {
  readonly #threads: HashThread[] = [];

  /** @param most threads that are started */
  constructor(private readonly most: number) {}

  open(file: { fd: number; kind: ContentHashKind; size: number }): FileHashing {
    return this.#leastLoaded().open(file);
  }

  #leastLoaded(): Pick<HashThread, "open"> {
    const [thread] = [...this.#threads].sort((a, b) => a.load - b.load);
    if (thread?.load === 0 || this.#threads.length >= this.most) return thread!;
    const worker = spawnThread("hasher");
    if (worker === undefined) return thread ?? new LocalHashService();
    const started = new HashThread(worker);
    this.#threads.push(started);
    return started;
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }
}

class HashThread {
  /** Bytes of the files it has open. */
  load = 0;
  #nextId = 0;
  #ended = false;
  readonly #waiting = new Map<number, Waiting>();

  constructor(private readonly worker: Worker) {
    worker.on("message", (reply: HasherReply) => this.#receive(reply));
    worker.on("error", (error) => this.#end(ReadFault.disk(error)));
    worker.on("exit", () => this.#end(new ReadFault({ kind: "closed" })));
  }

  open({ fd, kind, size }: { fd: number; kind: ContentHashKind; size: number }): FileHashing {
    const id = this.#nextId++;
    this.load += size;
    this.#send({ type: "open", id, fd, kind, size });
    return {
      advance: (offset) => this.#send({ type: "advance", id, offset }),
      finish: () => this.#ask({ type: "finish", id }, size),
      abandon: async () => {
        // A thread that has ended uses no descriptor either.
        await this.#ask({ type: "abandon", id }, size).catch(() => {});
      },
    };
  }

  async close(): Promise<void> {
    if (!this.#ended) await this.worker.terminate();
  }

  #ask(request: HasherRequest, size: number): Promise<string> {
    return new Promise<string>((resolve, reject) => {
      if (this.#ended) {
        reject(new ReadFault({ kind: "closed" }));
        return;
      }
      this.#waiting.set(request.id, { resolve, reject });
      this.worker.ref();
      this.#send(request);
    }).finally(() => {
      this.load -= size;
    });
  }

  #receive(reply: HasherReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (this.#waiting.size === 0) this.worker.unref();
    if (reply.type === "fault") waiting?.reject(new ReadFault(reply.fault));
    else waiting?.resolve(reply.type === "digest" ? reply.digest : "");
  }

  #end(fault: ReadFault): void {
    this.#ended = true;
    for (const waiting of this.#waiting.values()) waiting.reject(fault);
    this.#waiting.clear();
  }

  #send(request: HasherRequest): void {
    if (!this.#ended) this.worker.postMessage(request);
  }
}
