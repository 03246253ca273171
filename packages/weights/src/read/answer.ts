import { retryAfter } from "../control/retry.ts";
import { ReadFault } from "./fault.ts";
import type { ReadJob } from "./job.ts";

/** The head of an HTTP answer; header names are lower-case. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/**
 * Checks that an answer is the one to this job, before any of its bytes is written.
 *
 * @returns how many bytes follow, `null` when the answer does not say (a whole file only)
 * @throws ReadFault
 */
export function acceptAnswer({ status, headers }: AnswerHead, job: ReadJob): number | null {
  if (status >= 300 && status < 400) throw new ReadFault({ kind: "redirect" });
  if (status !== 200 && status !== 206) {
    throw new ReadFault({
      kind: "status",
      status,
      retryAfterMs: retryAfter(headers["retry-after"]) ?? null,
    });
  }
  const encoding = headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity") {
    throw ReadFault.protocol(`it is encoded as ${encoding}, although the bytes as they are were asked for`);
  }
  const length = contentLength(headers["content-length"]);
  if (job.whole) {
    if (status !== 200) throw ReadFault.protocol("a part came although the whole file was asked for");
    if (length !== null && length !== job.size) throw wrongSize(length, job.size);
    return length;
  }
  if (status === 200) {
    if (length !== null && length !== job.size) throw wrongSize(length, job.size);
    throw new ReadFault({ kind: "no-ranges" });
  }
  checkContentRange(headers["content-range"], job);
  if (length !== null && length !== job.end - job.start) {
    throw ReadFault.protocol(`${length} bytes are announced where ${job.end - job.start} were asked for`);
  }
  return length ?? job.end - job.start;
}

function checkContentRange(value: string | undefined, job: ReadJob): void {
  const match = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(value ?? "");
  if (match === null) throw ReadFault.protocol("its Content-Range is missing or unreadable");
  const [, first, last, total] = match;
  if (total !== "*" && Number(total) !== job.size) throw wrongSize(Number(total), job.size);
  if (Number(first) !== job.start || Number(last) !== job.end - 1) {
    throw ReadFault.protocol(`bytes ${first}-${last} came where ${job.start}-${job.end - 1} were asked for`);
  }
}

function contentLength(value: string | undefined): number | null {
  if (value === undefined) return null;
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(Number(value))) {
    throw ReadFault.protocol("its Content-Length is no number");
  }
  return Number(value);
}

function wrongSize(seen: number, expected: number): ReadFault {
  return ReadFault.protocol(`the file has ${seen} bytes there, not ${expected}`);
}
