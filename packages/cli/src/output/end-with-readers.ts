/**
 * Ends the process when whoever reads its output has gone, as `| head` does. It is told as a signal is, so that what is
 * under way is ended in order. (Node ignores SIGPIPE, and would end with a stack.)
 */
export function endWithReaders(...streams: readonly NodeJS.WriteStream[]): void {
  let isEnding = false;
  for (const stream of streams)
    stream.on("error", (thrown: NodeJS.ErrnoException) => {
      if (thrown.code !== "EPIPE") throw thrown;
      if (isEnding) return;
      isEnding = true;
      process.kill(process.pid, "SIGTERM");
    });
}
