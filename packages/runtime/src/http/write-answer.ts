import type { ServerResponse } from "node:http";
import { type Answer, isStream } from "../handler/answer.ts";
import type { Outbox } from "./outbox.ts";
import { dropWhileUnsent } from "./stall.ts";
import { writeStream } from "./write-stream.ts";

/** Answers below this size are not worth a timer. */
const WATCHED_BYTES = 65_536;

/**
 * Sends an answer. A promise of a stream resolves when all of it was handed over, or the client is gone. A stream that fails ends the
 * connection abruptly, so that no client takes what it got for the whole.
 */
export function writeAnswer(response: ServerResponse, answer: Answer, outbox: Outbox): void | Promise<void> {
  const { status, headers, body } = answer;
  if (isStream(body)) return writePieces(response, status, headers, body);
  if (!response.destroyed) writeWhole(response, status, headers, body, outbox);
}

async function writePieces(
  response: ServerResponse,
  status: number,
  headers: Answer["headers"],
  body: AsyncIterable<Uint8Array>,
): Promise<void> {
  if (!response.destroyed) response.writeHead(status, headers).flushHeaders();
  try {
    await writeStream(response, body);
    dropWhileUnsent(response);
    response.end();
  } catch {
    // Logged by whoever made the stream; here it only has to show.
    response.destroy();
  }
}

function writeWhole(
  response: ServerResponse,
  status: number,
  headers: Answer["headers"],
  body: string | Uint8Array,
  outbox: Outbox,
): void {
  const length = typeof body === "string" ? Buffer.byteLength(body) : body.byteLength;
  const head = ["content-length", String(length)];
  for (const name in headers) head.push(name, headers[name]!);
  response.writeHead(status, head);
  outbox.end(response, body);
  if (length > WATCHED_BYTES) dropWhileUnsent(response);
}
