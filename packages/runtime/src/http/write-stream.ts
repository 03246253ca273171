import type { ServerResponse } from "node:http";
import { dropWhenStalled } from "./stall.ts";

/**
 * Sends a body piece by piece, no faster than the client takes it. Resolves when the body ended or the client is gone.
 *
 * @throws what the body threw.
 */
export async function writeStream(response: ServerResponse, body: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const piece of body) {
    if (response.destroyed) return;
    if (!response.write(piece)) await taken(response);
  }
}

/** Resolves when the client took what was sent so far, or is gone. */
function taken(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const settle = dropWhenStalled(response);
    const done = (): void => {
      response.off("drain", done).off("close", done);
      settle();
      resolve();
    };
    if (response.destroyed) return done();
    response.once("drain", done).once("close", done);
  });
}
