// Loaded into every chainlet process before its server. The channel closes when `chains dev` ends, however it ends,
// killed outright too: a chainlet must not outlive it.
process.on("disconnect", () => {
  process.kill(process.pid, "SIGTERM");
  setTimeout(() => process.kill(process.pid, "SIGKILL"), 5_000).unref();
});
process.channel?.unref();
