import { execFileSync } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { onTestFinished } from "vitest";

/** Whether this machine lets tests mount file systems. */
export const canMount = process.platform === "linux" && process.getuid?.() === 0 && tryMount();

function tryMount(): boolean {
  try {
    execFileSync("unshare", ["--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** A disk of its own size, until the test ends. */
export async function mountTmpfs(path: string, size: string): Promise<void> {
  await mkdir(path);
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", path]);
  onTestFinished(() => void execFileSync("umount", ["-l", path]));
}

/** Makes a directory one that nobody can write, until the test ends. */
export function makeReadOnly(path: string): void {
  execFileSync("mount", ["--bind", path, path]);
  onTestFinished(() => void execFileSync("umount", ["-l", path]));
  execFileSync("mount", ["-o", "remount,ro,bind", path]);
}
