import { ChainsError, type ErrorCode } from "@truss-chains/errors";

/**
 * What a callee sent, decoded. The codecs blame whoever sent a request: what is wrong with an answer is not the fault of
 * the request that is being served meanwhile.
 *
 * @param what the bytes, as the subject of a sentence.
 * @throws ChainsError with this code when they cannot be read.
 */
export function decodeReceived(
  decode: (bytes: Uint8Array) => unknown,
  bytes: Uint8Array,
  what: string,
  code: ErrorCode,
): unknown {
  try {
    return decode(bytes);
  } catch (cause) {
    throw new ChainsError(code, `${what} cannot be read. ${(cause as Error).message}`, { cause });
  }
}
