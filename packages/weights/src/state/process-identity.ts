import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { bootId } from "./boot-id.ts";

/** Enough to recognise a process later, even when its number was given to another. */
export interface ProcessIdentity {
  readonly pid: number;
  /** The machine and its process namespace: numbers of another one mean nothing here. */
  readonly space: string;
  /** When the process started, in the kernel's ticks; empty when unknown. */
  readonly started: string;
}

export function thisProcess(): ProcessIdentity {
  return { pid: process.pid, space: space(), started: startOf(process.pid) ?? "" };
}

/** `undefined` when it cannot be told from here. */
export function isAlive(identity: ProcessIdentity): boolean | undefined {
  if (identity.space !== space()) return undefined;
  try {
    process.kill(identity.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  return startOf(identity.pid) === (identity.started || undefined);
}

function space(): string {
  try {
    return `${bootId()}/${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname();
  }
}

function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The command's name may hold spaces and parentheses; the fields after its last parenthesis do not.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A zombie has ended, only nobody has asked for its result yet.
    return fields[0] === "Z" ? "ended" : fields[19];
  } catch {
    return undefined;
  }
}
