import type { AnswerHead } from "./answer.ts";

const LONGEST_HEAD = 64 * 1024;
const END = Buffer.from("\r\n\r\n");

/** An ordinary head, or the reason to leave this answer to a full HTTP client. */
export type HeadResult =
  | { readonly state: "incomplete" }
  | { readonly state: "unusual" }
  | {
      readonly state: "ordinary";
      readonly head: AnswerHead;
      readonly keepAlive: boolean;
      /** Where the body starts in the bytes given. */
      readonly bodyStart: number;
    };

/** Reads the head of an answer that HTTP/1.1 servers of large files give; whatever else there is, is unusual. */
export function readHead(bytes: Buffer): HeadResult {
  const end = bytes.indexOf(END);
  if (end < 0) return { state: bytes.length > LONGEST_HEAD ? "unusual" : "incomplete" };
  const lines = bytes.toString("latin1", 0, end).split("\r\n");
  const status = /^HTTP\/1\.1 ([2-5]\d\d)( .*)?$/.exec(lines[0]!);
  if (status === null) return { state: "unusual" };
  const headers: Record<string, string> = Object.create(null);
  for (const line of lines.slice(1)) {
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(colon, 0)).toLowerCase();
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name)) return { state: "unusual" };
    const value = line.slice(colon + 1).trim();
    // Two different lengths in one answer are an attack or a broken proxy: undici judges.
    if (name in headers && (name === "content-length" || name === "content-range"))
      return { state: "unusual" };
    headers[name] = value;
  }
  // A refusal is understood by its head alone.
  const success = status[1] === "200" || status[1] === "206";
  if (success && "transfer-encoding" in headers) return { state: "unusual" };
  return {
    state: "ordinary",
    head: { status: Number(status[1]), headers },
    keepAlive: !/\bclose\b/i.test(headers.connection ?? ""),
    bodyStart: end + END.length,
  };
}
