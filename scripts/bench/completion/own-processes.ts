// Processes of this run that must not outlive it, however it ends.

const running = new Set<number>();
let isWatching = false;

/** Ends `pid` when this process exits, also when it is interrupted or asked to end. */
export function endWithThisRun(pid: number | undefined): void {
  if (pid === undefined) return;
  running.add(pid);
  if (isWatching) return;
  isWatching = true;
  process.once("exit", endAll);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    // 128 and the signal's number is what a shell reports; one code for all of them is enough here.
    process.once(signal, () => process.exit(130));
  }
}

/** It has ended, or somebody else looks after it: its number may be given to another process. */
export function letGo(pid: number | undefined): void {
  if (pid !== undefined) running.delete(pid);
}

function endAll(): void {
  for (const pid of running) {
    try {
      process.kill(pid, "SIGKILL");
    } catch (error) {
      // It has ended by itself.
      if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
    }
  }
}
