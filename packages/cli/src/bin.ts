#!/usr/bin/env node
import { EXIT } from "./exit-codes.ts";
import { run } from "./run.ts";

process.exitCode = await run(process.argv.slice(2));
// What was interrupted may have threads and connections left that would hold the process.
if (process.exitCode === EXIT.interrupted) process.exit();
