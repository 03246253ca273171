import { expect, test } from "vitest";
import type { Fault } from "../read/fault.ts";
import { recover } from "./recovery.ts";
import type { TransferFile } from "./transfer-file.ts";

const file = { name: "m/a", path: "/target/m/a", size: 10 } as TransferFile;
const url = "https://host/a?signature=secret";
const decide = (fault: Fault, attempt = 1) => recover({ file, url, fault, attempt, restarts: 0 });
const status = (status: number, retryAfterMs: number | null = null): Fault => ({
  kind: "status",
  status,
  retryAfterMs,
});

test.each([
  [status(429, 5000), { do: "slow-down", waitMs: 5000 }],
  [status(503), { do: "slow-down" }],
  [status(500), { do: "retry" }],
  [status(401), { do: "relocate" }],
  [status(404), { do: "relocate" }],
  [status(412), { do: "restart" }],
  [status(416), { do: "give-up", error: { code: "WEIGHTS_TRANSFER_FAILED" } }],
  [{ kind: "redirect" }, { do: "relocate" }],
  [{ kind: "no-ranges" }, { do: "fetch-whole" }],
  [{ kind: "stall" }, { do: "retry", waitMs: 0 }],
  [
    { kind: "disk", code: "ENOSPC", message: "" },
    { do: "give-up", error: { code: "WEIGHTS_DISK_FULL" } },
  ],
  [
    { kind: "disk", code: "EACCES", message: "" },
    { do: "give-up", error: { code: "FILE_NOT_WRITABLE" } },
  ],
  [{ kind: "closed" }, { do: "give-up", error: { code: "INTERRUPTED" } }],
] as [Fault, object][])("%o leads to %o", (fault, expected) => {
  expect(decide(fault)).toMatchObject(expected);
});

test.each([
  status(500),
  status(429),
  status(403),
  { kind: "stall" },
  { kind: "redirect" },
  { kind: "network", code: "ECONNRESET", message: "" },
  { kind: "protocol", message: "x" },
] as Fault[])("%o is not borne forever, and its error shows no signature", (fault) => {
  const recovery = decide(fault, 6);
  expect(recovery.do).toBe("give-up");
  if (recovery.do === "give-up") expect(JSON.stringify(recovery.error)).not.toContain("secret");
});
