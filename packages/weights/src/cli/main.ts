#!/usr/bin/env node
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { ChainsError } from "@truss-chains/errors";
import { serveResolver } from "../resolver/serve.ts";
import { runCli } from "./cli.ts";

// The same file is the program and, started as a thread, the resolver of a chainlet: one file to put into an image.
if (!isMainThread && workerData?.role === "resolver") serveResolver(parentPort!, workerData);
else await main();

function interrupted(signal: string): ChainsError {
  return new ChainsError("INTERRUPTED", `The transfer was stopped by ${signal}.`, {
    fix: "Start it again to continue.",
  });
}

async function main(): Promise<void> {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => stop.abort(interrupted(signal)));
  }
  const { env, stdout, stderr } = process;
  process.exitCode = await runCli({ args: process.argv.slice(2), env, stdout, stderr, signal: stop.signal });
}
