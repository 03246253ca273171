import type { Agent } from "undici";
import { acceptAnswer } from "./answer.ts";
import { ReadFault } from "./fault.ts";
import type { OnProgress, RangeReader, ReadJob, ReadResult } from "./job.ts";
import { requestHeaders } from "./request-headers.ts";
import { Sink } from "./sink.ts";
import { StallWatch } from "./stall-watch.ts";

/** Reads ranges with undici: any answer that HTTP allows. */
export class UndiciReader implements RangeReader {
  readonly #closing = new AbortController();
  #agent: Agent | undefined;

  async read(job: ReadJob, onProgress: OnProgress): Promise<ReadResult> {
    const sink = new Sink(job, onProgress);
    const abort = new AbortController();
    const signal = AbortSignal.any([abort.signal, this.#closing.signal]);
    let etag: string | null = null;
    const watch = new StallWatch(
      job.stallMs,
      () => sink.received,
      () => abort.abort(new ReadFault({ kind: "stall" })),
    );
    try {
      // Loaded late: most transfers never need it, and start-up time counts.
      const { Agent, request } = await import("undici");
      signal.throwIfAborted();
      // One request per connection: a range must not wait behind another.
      this.#agent ??= new Agent({
        pipelining: 1,
        connect: { timeout: 20_000 },
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      const { statusCode, headers, body } = await request(job.url, {
        dispatcher: this.#agent,
        headers: requestHeaders(job),
        signal,
      });
      // Its errors are those of the loop below; a body that is let go on purpose has nobody else listening.
      body.on("error", () => {});
      const plain = Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [
          name,
          Array.isArray(value) ? value.join(", ") : value,
        ]),
      );
      etag = plain.etag ?? null;
      try {
        acceptAnswer({ status: statusCode, headers: plain }, job);
        for await (const chunk of body as AsyncIterable<Buffer>) sink.write(chunk);
      } catch (error) {
        body.destroy();
        throw error;
      }
      sink.report();
      if (!sink.complete) {
        throw new ReadFault({ kind: "network", code: "TRUNCATED", message: "the body ended early" });
      }
      return { digest: sink.digest(), etag };
    } catch (error) {
      sink.report();
      throw ReadFault.network(signal.aborted ? signal.reason : error).of(etag);
    } finally {
      watch.stop();
    }
  }

  async close(): Promise<void> {
    this.#closing.abort(new ReadFault({ kind: "closed" }));
    await this.#agent?.destroy();
  }
}
