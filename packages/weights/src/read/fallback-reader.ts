import { ReadFault } from "./fault.ts";
import type { OnProgress, RangeReader, ReadJob, ReadResult } from "./job.ts";

/** Reads with one reader, and with another what the first does not understand. */
export class FallbackReader implements RangeReader {
  constructor(
    private readonly first: RangeReader,
    private readonly second: RangeReader,
  ) {}

  async read(job: ReadJob, onProgress: OnProgress): Promise<ReadResult> {
    try {
      return await this.first.read(job, onProgress);
    } catch (error) {
      if (!(error instanceof ReadFault) || error.fault.kind !== "unusual") throw error;
      return this.second.read(job, onProgress);
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.first.close(), this.second.close()]);
  }
}
