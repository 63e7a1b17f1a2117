// llama.cpp in this process, through node-llama-cpp. The library is imported at the first load: without a model the daemon stays small.
import { describeError, fail, succeed } from "../../../kernel/index.ts";
import type { Result } from "../../../kernel/index.ts";
import type { Clock, Log } from "../../../platform/index.ts";
import type { Llama } from "node-llama-cpp";
import type { Engine, EngineDevice, EngineModel, LoadFailure, LoadOptions } from "../engine.ts";
import { createLlamaModel } from "./llama-model.ts";

interface LlamaEngineDeps {
  readonly log: Log;
  readonly clock: Clock;
  /** "auto" takes a graphics device when one can hold layers; "off" never looks for one. */
  readonly gpu: "auto" | "off";
}

/** Native code that does not let go within this time is left to the end of the process. */
const DISPOSE_LIMIT_MS = 1000;

/** One per process: the native backends are process-wide and are never set up a second time. */
export function createLlamaEngine(deps: LlamaEngineDeps): Engine {
  let starting: Promise<Llama> | undefined;
  let device: EngineDevice | undefined;
  let isDisposed = false;

  const start = async (threads: number): Promise<Llama> => {
    const { getLlama, LlamaLogLevel } = await import("node-llama-cpp");
    const llama = await getLlama({
      // Never compile llama.cpp inside the daemon, never download, never print progress.
      build: "never",
      skipDownload: true,
      progressLogs: false,
      gpu: deps.gpu === "off" ? false : "auto",
      // Each load sets the real number; the library's default oversubscribes small machines.
      maxThreads: threads,
      logLevel: LlamaLogLevel.warn,
      logger: (level, message) => writeLog(deps.log, level, message),
    });
    device = await describeDevice(llama, deps.gpu);
    deps.log.info({ ...device, release: llama.llamaCppRelease.release }, "the inference engine is ready");
    return llama;
  };

  const load = async (options: LoadOptions): Promise<Result<EngineModel, LoadFailure>> => {
    if (isDisposed) return fail({ kind: "cancelled", reason: "the engine has ended" });
    let llama: Llama;
    try {
      starting ??= start(options.threads);
      llama = await starting;
    } catch (error) {
      starting = undefined;
      return fail({
        kind: "no-engine",
        reason: `the inference engine does not start on this machine: ${describeError(error)}`,
      });
    }
    try {
      llama.maxThreads = options.threads;
      return succeed(await createLlamaModel(llama, options, deps.log));
    } catch (error) {
      return fail(explainLoadError(error, options));
    }
  };

  return {
    load,
    device: () => device,
    async dispose() {
      if (isDisposed) return;
      isDisposed = true;
      if (starting === undefined) return;
      const ended = starting
        .then((llama) => llama.dispose())
        .catch((error: unknown) => {
          deps.log.warn({ error: describeError(error) }, "the inference engine did not end cleanly");
        });
      const limit = new Promise<void>((resolve) => deps.clock.schedule(DISPOSE_LIMIT_MS, resolve));
      await Promise.race([ended, limit]);
    },
  };
}

async function describeDevice(llama: Llama, gpu: "auto" | "off"): Promise<EngineDevice> {
  if (llama.supportsGpuOffloading && llama.gpu !== false) {
    const devices = await llama.getGpuDeviceNames();
    return { backend: llama.gpu, devices, reason: `${devices.join(", ")} can hold layers of the model` };
  }
  const reason =
    gpu === "off"
      ? "the setting keeps the model on the processor"
      : llama.gpu === false
        ? "no engine build for a graphics device works here"
        : `the ${llama.gpu} library is there, but no device that can hold layers`;
  return { backend: "cpu", devices: [], reason };
}

function explainLoadError(error: unknown, options: LoadOptions): LoadFailure {
  if (options.signal.aborted) return { kind: "cancelled", reason: "the load was cancelled" };
  const text = describeError(error);
  if (error instanceof Error && error.constructor.name === "InsufficientMemoryError") {
    return { kind: "no-memory", reason: `there is not enough free memory for ${options.file}: ${text}` };
  }
  return { kind: "bad-file", reason: `${options.file} cannot be loaded as a model: ${text}` };
}

/** The level is one of the library's words; its enum type cannot be imported without loading it. */
function writeLog(log: Log, level: string, message: string): void {
  const fields = { source: "llama.cpp" };
  const text = message.trimEnd();
  if (level === "error" || level === "fatal") log.error(fields, text);
  else if (level === "warn") log.warn(fields, text);
  else log.debug(fields, text);
}
