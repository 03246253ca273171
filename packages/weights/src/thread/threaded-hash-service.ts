import type { Worker } from "node:worker_threads";
import type { FileHashing, HashService } from "../hashing/hash-service.ts";
import { ReadFault } from "../read/fault.ts";
import type { ContentHashKind } from "../sources/fetcher.ts";
import type { HasherReply, HasherRequest } from "./messages.ts";

interface Waiting {
  readonly resolve: (digest: string) => void;
  readonly reject: (fault: ReadFault) => void;
}

/** Hashes in threads; each file stays with the thread that had the least to do when it came. */
export class ThreadedHashService implements HashService {
  readonly #threads: HashThread[];

  constructor(workers: readonly Worker[]) {
    this.#threads = workers.map((worker) => new HashThread(worker));
  }

  open(file: { fd: number; kind: ContentHashKind; size: number }): FileHashing {
    return this.#threads.reduce((least, thread) => (thread.load < least.load ? thread : least)).open(file);
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
