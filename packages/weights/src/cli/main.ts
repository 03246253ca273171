#!/usr/bin/env node
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { ChainsError } from "@truss-chains/errors";
import { serveResolver } from "../resolver/serve.ts";
import { runCli } from "./cli.ts";

// The same file is the program and, started as a thread, the resolver of a chainlet: one file to put into an image.
if (!isMainThread && workerData?.role === "resolver") serveResolver(parentPort!, workerData);
else await main();

function interrupted(how: string): ChainsError {
  return new ChainsError("INTERRUPTED", `The transfer was stopped ${how}.`, {
    fix: "Start it again to continue.",
  });
}

async function main(): Promise<void> {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => stop.abort(interrupted(`by ${signal}`)));
  }
  const { env, stdout, stderr } = process;
  stdout.on("error", () => stop.abort(interrupted("when nobody read its output any more")));
  // Weights are worth fetching without a log, too.
  stderr.on("error", () => {});
  process.exitCode = await runCli({ args: process.argv.slice(2), env, stdout, stderr, signal: stop.signal });
  // A bucket's client may still wait for an answer that nobody needs any more.
  if (stop.signal.aborted) process.exit();
}
