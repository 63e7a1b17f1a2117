// Another process that keeps one core busy, as a compiler in the background does.
import { spawn } from "node:child_process";
import { endWithThisRun, letGo } from "./own-processes.ts";

export interface BusyProcess {
  readonly pid: number;
  end(): Promise<void>;
}

export function startBusyProcess(): BusyProcess {
  // It ends by itself should this run die: a measurement leaves nothing behind.
  const child = spawn(
    process.execPath,
    ["-e", "const end = Date.now() + 120000; while (Date.now() < end);"],
    {
      stdio: "ignore",
    },
  );
  endWithThisRun(child.pid);
  return {
    pid: child.pid ?? 0,
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
      child.kill("SIGKILL");
      await exited;
      letGo(child.pid);
    },
  };
}
