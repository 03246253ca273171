import { readFileSync } from "node:fs";

let known: string | undefined;

/**
 * Identifies one run of the operating system. What was written but not synced survives a killed process, not a
 * crashed machine: notes about such bytes are good only while this stays the same.
 */
export function bootId(): string {
  if (known === undefined) {
    try {
      known = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    } catch {
      // Elsewhere than on Linux: unknown, so that nothing unsynced is ever relied on.
      known = `unknown-${process.pid}-${Date.now()}`;
    }
  }
  return known;
}
