import { Worker } from "node:worker_threads";
import { ChainsError } from "@truss-chains/errors";
import { runTransfer } from "../run/run.ts";
import { installedFile } from "../thread/installed-file.ts";
import type { TransferEvent } from "../transfer/events.ts";
import {
  fromPlainError,
  type ResolverMessage,
  type ResolverResult,
  type ResolverTask,
  toResult,
} from "./messages.ts";

const PROGRAM = "truss-transfer-cli.mjs";

export interface Background {
  readonly result: Promise<ResolverResult>;
  stop(): Promise<void>;
}

/**
 * Fetches beside everything else this process does: in a thread of its own, so that imports and downloads overlap.
 * Where the program for that thread is missing, it happens in the calling thread, which is slower and no less right.
 */
export function runInBackground(task: ResolverTask, onEvent: (event: TransferEvent) => void): Background {
  const program = transferProgram();
  return program === undefined ? inThisThread(task, onEvent) : inThread(program, task, onEvent);
}

/** The bundled program: beside this module in a chainlet's bundle, else in the installed package. */
export function transferProgram(): string | undefined {
  return installedFile(PROGRAM);
}

function inThread(program: string, task: ResolverTask, onEvent: (event: TransferEvent) => void): Background {
  const worker = new Worker(program, { workerData: task, name: "weights-resolver", execArgv: [], argv: [] });
  let fail!: (error: ChainsError) => void;
  const result = new Promise<ResolverResult>((resolve, reject) => {
    fail = reject;
    worker.on("message", (message: ResolverMessage) => {
      if (message.type === "event") onEvent(message.event);
      else if (message.type === "resolved") resolve(message.result);
      else reject(fromPlainError(message.error));
    });
    worker.on("error", (cause) => reject(crashed(cause)));
    worker.on("exit", () => reject(crashed(undefined)));
  });
  return {
    result,
    stop: async () => {
      fail(stopped());
      await worker.terminate();
    },
  };
}

function inThisThread(task: ResolverTask, onEvent: (event: TransferEvent) => void): Background {
  const abort = new AbortController();
  const result = runTransfer({ ...task, onEvent, signal: abort.signal, overrides: { threads: 0 } }).then(
    toResult,
  );
  return {
    result,
    stop: async () => {
      abort.abort(stopped());
      await result.catch(() => {});
    },
  };
}

function stopped(): ChainsError {
  return new ChainsError("INTERRUPTED", "The process stopped before its weights were complete.", {
    fix: "Start it again: what was fetched is kept and continued.",
  });
}

function crashed(cause: unknown): ChainsError {
  return new ChainsError("WEIGHTS_TRANSFER_FAILED", "The thread that fetches the weights ended early.", {
    fix: "Start the process again: what was fetched is kept and continued.",
    cause,
  });
}
