#!/usr/bin/env node
import { EXIT } from "./exit-codes.ts";
import { endWithReaders } from "./output/end-with-readers.ts";
import { run } from "./run.ts";

endWithReaders(process.stdout, process.stderr);
process.exitCode = await run(process.argv.slice(2));
// What was interrupted may have threads and connections left that would hold the process.
if (process.exitCode === EXIT.interrupted) process.exit();
