import type { Worker } from "node:worker_threads";
import { ReadFault } from "../read/fault.ts";
import type { OnProgress, RangeReader, ReadJob, ReadResult } from "../read/job.ts";
import type { ReaderReply, ReaderRequest } from "./messages.ts";

interface Running {
  readonly onProgress: OnProgress;
  readonly resolve: (result: ReadResult) => void;
  readonly reject: (fault: ReadFault) => void;
}

/** A reader in a thread of its own. */
export class ThreadedReader implements RangeReader {
  readonly #running = new Map<number, Running>();
  #ended = false;

  constructor(private readonly worker: Worker) {
    worker.on("message", (reply: ReaderReply) => this.#receive(reply));
    worker.on("error", (error) => this.#end(ReadFault.network(error)));
    worker.on("exit", () => this.#end(new ReadFault({ kind: "closed" })));
  }

  get load(): number {
    return this.#running.size;
  }

  read(job: ReadJob, onProgress: OnProgress): Promise<ReadResult> {
    return new Promise((resolve, reject) => {
      if (this.#ended) {
        reject(new ReadFault({ kind: "closed" }));
        return;
      }
      this.#running.set(job.id, { onProgress, resolve, reject });
      this.worker.ref();
      this.#send({ type: "read", job });
    });
  }

  async close(): Promise<void> {
    if (this.#ended) return;
    await this.worker.terminate();
  }

  #receive(reply: ReaderReply): void {
    const running = this.#running.get(reply.id);
    if (running === undefined) return;
    if (reply.type === "progress") {
      running.onProgress(reply.written);
      return;
    }
    if (reply.written !== null) running.onProgress(reply.written);
    this.#running.delete(reply.id);
    if (this.#running.size === 0) this.worker.unref();
    if (reply.type === "done") running.resolve(reply.result);
    else running.reject(new ReadFault(reply.fault, reply.etag));
  }

  #end(fault: ReadFault): void {
    this.#ended = true;
    for (const running of this.#running.values()) running.reject(fault);
    this.#running.clear();
  }

  #send(request: ReaderRequest): void {
    this.worker.postMessage(request);
  }
}
