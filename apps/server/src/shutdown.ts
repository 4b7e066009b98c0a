/** What ends the server: a signal, or the death of the launcher that started it. */
export function shutdownRequested(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => resolve(signal));
    if (process.channel === undefined || process.channel === null) return;
    process.on("disconnect", () => resolve("the end of its launcher"));
    process.channel.unref();
  });
}
