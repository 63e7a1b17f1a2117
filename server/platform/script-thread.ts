// The door to a thread that runs one small script: for libraries that are large, slow or blocking. Nothing it prints reaches stdout.
import { Worker } from "node:worker_threads";

export interface ScriptThread {
  /** The script's answer to one message; rejects when the thread ended, or did not answer in time (then it is stopped). */
  ask(message: unknown, timeoutMs: number): Promise<unknown>;
  stop(): void;
}

export interface ScriptThreads {
  /** `script` is CommonJS: it reads `workerData`, and answers each `parentPort` message with exactly one of its own, in order. */
  start(script: string, data: unknown): ScriptThread;
}

/** Keeps a runaway parse from taking the machine's memory. */
const MAX_HEAP_MB = 512;

export const systemThreads: ScriptThreads = {
  start(script, data) {
    const worker = new Worker(script, {
      eval: true,
      workerData: data,
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    });
    worker.unref();
    const waiting: {
      readonly resolve: (answer: unknown) => void;
      readonly reject: (error: Error) => void;
    }[] = [];
    const fail = (error: Error): void => {
      for (const { reject } of waiting.splice(0)) reject(error);
    };
    worker.on("message", (answer) => waiting.shift()?.resolve(answer));
    worker.on("error", fail);
    worker.on("exit", () => fail(new Error("the thread has ended")));
    return {
      ask(message, timeoutMs) {
        return new Promise((resolve, reject) => {
          const timer = setTimeout(() => {
            fail(new Error(`the thread did not answer within ${timeoutMs} ms`));
            void worker.terminate();
          }, timeoutMs);
          const settle =
            <Value>(then: (value: Value) => void) =>
            (value: Value): void => {
              clearTimeout(timer);
              then(value);
            };
          waiting.push({ resolve: settle(resolve), reject: settle(reject) });
          worker.postMessage(message);
        });
      },
      stop: () => void worker.terminate(),
    };
  },
};
