import { ChainsError } from "@truss-chains/errors";
import { refused } from "../control/locate.ts";
import { isCertificateFault, unreachable } from "../control/request.ts";
import { backoff, isRetryableStatus, MAX_ATTEMPTS, patienceFor } from "../control/retry.ts";
import { shownUrl } from "../control/url.ts";
import type { Fault } from "../read/fault.ts";
import { diskFault } from "./disk.ts";
import type { TransferFile } from "./transfer-file.ts";

/** An origin that breaks the protocol the same way this often means it. */
const MAX_PROTOCOL_FAULTS = 3;
/** So often a file may change while it is fetched. */
const MAX_RESTARTS = 3;

/** What to do about a range that was not read. */
export type Recovery =
  | { readonly do: "retry"; readonly waitMs: number; readonly reason: string }
  /** Everybody who asks this origin waits. */
  | { readonly do: "slow-down"; readonly waitMs: number; readonly reason: string }
  /** Ask the source again where the bytes are; it explains a refusal better than the bytes' origin. */
  | { readonly do: "relocate"; readonly reason: string }
  | { readonly do: "restart"; readonly reason: string }
  | { readonly do: "fetch-whole" }
  | { readonly do: "give-up"; readonly error: ChainsError };

export interface FailedRead {
  readonly file: TransferFile;
  readonly url: string;
  readonly fault: Fault;
  /** Tries without any progress, this one included. */
  readonly attempt: number;
  /** How often the file was started over. */
  readonly restarts: number;
}

/** Decides on one failed read. Pure: the caller carries it out. */
export function recover(failed: FailedRead): Recovery {
  const { file, url, fault, attempt } = failed;
  const giveUp = (error: ChainsError): Recovery => ({ do: "give-up", error });
  const exhausted = attempt >= MAX_ATTEMPTS;
  switch (fault.kind) {
    case "redirect":
      return exhausted
        ? giveUp(lost(file, url, "redirects in circles"))
        : { do: "relocate", reason: "redirected" };
    case "no-ranges":
      return { do: "fetch-whole" };
    case "stall":
      return exhausted
        ? giveUp(lost(file, url, "sends nothing any more"))
        : { do: "retry", waitMs: 0, reason: "the connection stalled" };
    case "network":
      return exhausted ||
        isCertificateFault(fault.code) ||
        (fault.code === "ENOTFOUND" && attempt >= patienceFor(fault.code))
        ? giveUp(unreachable(url, fault))
        : { do: "retry", waitMs: backoff(attempt), reason: `${fault.code}: ${fault.message}` };
    case "protocol":
      return attempt >= MAX_PROTOCOL_FAULTS
        ? giveUp(dishonest(file, url, fault.message))
        : { do: "retry", waitMs: backoff(attempt), reason: fault.message };
    case "disk":
      return giveUp(diskFault(fault, file.path));
    // Only a full HTTP client is asked in the end, and to it nothing is unusual.
    case "unusual":
    case "closed":
      return giveUp(
        new ChainsError("INTERRUPTED", "The transfer was stopped.", { fix: "Start it again to continue." }),
      );
    case "status":
      return ofStatus(fault, failed, exhausted);
  }
}

function ofStatus(
  { status, retryAfterMs }: Extract<Fault, { kind: "status" }>,
  { file, url, attempt, restarts }: FailedRead,
  exhausted: boolean,
): Recovery {
  const reason = `${new URL(url).host} answers ${status}`;
  if (isRetryableStatus(status)) {
    if (exhausted) return { do: "give-up", error: lost(file, url, `keeps answering ${status}`) };
    const overloaded = status === 429 || status === 503 || retryAfterMs !== null;
    return { do: overloaded ? "slow-down" : "retry", waitMs: retryAfterMs ?? backoff(attempt), reason };
  }
  // The version that was described is gone: there is a newer one.
  if (status === 412) {
    return restarts < MAX_RESTARTS
      ? { do: "restart", reason }
      : { do: "give-up", error: lost(file, url, `says each time that the file has changed (${status})`) };
  }
  if (status === 416) {
    return {
      do: "give-up",
      error: dishonest(file, url, `bytes below its size of ${file.size} are not there`),
    };
  }
  // Signatures expire and tokens are renewed; a second refusal is meant.
  if (attempt === 1) return { do: "relocate", reason };
  return { do: "give-up", error: refused(url, status) };
}

function lost(file: TransferFile, url: string, what: string): ChainsError {
  return new ChainsError(
    "SOURCE_UNREACHABLE",
    `${file.name} cannot be fetched: ${new URL(url).host} ${what}.`,
    {
      fix: "Try again later: what was fetched is kept and continued.",
      location: { file: file.path },
    },
  );
}

function dishonest(file: TransferFile, url: string, what: string): ChainsError {
  return new ChainsError(
    "WEIGHTS_TRANSFER_FAILED",
    `${file.name}: the answer of ${shownUrl(url)} is wrong: ${what}.`,
    {
      fix: "Nothing was put in its place. If the source was changed on purpose, build the manifest again.",
      location: { file: file.path },
    },
  );
}
