// An inference service in this process as a measurement wants it: fixed threads, chosen parts, and one engine for several services.
import { join } from "node:path";
import { createInferenceService, defaultInferenceSettings } from "../../server/inference/index.ts";
import type {
  CatalogueEntry,
  Engine,
  InferenceParts,
  InferenceService,
} from "../../server/inference/index.ts";
import {
  createMachine,
  createMemoryFolderFiles,
  openFolderFiles,
  silentLog,
  systemClock,
} from "../../server/platform/index.ts";
import type { ScratchFiles } from "../../server/platform/index.ts";
import { fetcherOf } from "./measured-model.ts";
import type { MeasuredModel } from "./measured-model.ts";

export interface MeasuredServiceOptions {
  readonly root: string;
  readonly model: MeasuredModel;
  /** Undefined: chosen by the load of the machine, as in the daemon. */
  readonly threads: number | undefined;
  readonly parts?: Partial<InferenceParts>;
  /** Where states of documents are put aside; absent: nowhere. */
  readonly scratch?: ScratchFiles;
  /** Undefined: llama.cpp in this process as it is. */
  readonly engine?: Engine;
  readonly changes?: Partial<CatalogueEntry>;
  /** Prompt formats in place of the package's own. */
  readonly formats?: string;
}

/** A service whose model is loaded. Throws a sentence when it cannot be loaded. */
export async function startMeasuredService(options: MeasuredServiceOptions): Promise<InferenceService> {
  const { root, model, threads, parts, changes = {}, formats, scratch, engine } = options;
  const service = createInferenceService({
    supplier: fetcherOf(model.file),
    candidates: () => Promise.resolve([{ ...model.entry, ...changes }]),
    modelData:
      formats === undefined
        ? openFolderFiles(join(root, "models"))
        : createMemoryFolderFiles({ "prompt-formats.json": formats }),
    stateFiles: createMemoryFolderFiles(),
    ...(scratch === undefined ? {} : { scratch }),
    ...(engine === undefined ? {} : { engine }),
    machine: createMachine(),
    clock: systemClock,
    log: silentLog,
    settings: {
      ...defaultInferenceSettings,
      gpu: "off",
      threads,
      ...(parts === undefined ? {} : { parts }),
    },
  });
  service.prepare();
  await untilReady(service);
  return service;
}

function untilReady(service: InferenceService): Promise<void> {
  return new Promise((resolve, reject) => {
    const check = (): void => {
      const { state } = service.status();
      if (state.kind === "ready") resolve();
      else if (state.kind === "failed" || state.kind === "missing") {
        reject(new Error(`the model does not load: ${state.reason}`));
      } else return;
      listening.dispose();
    };
    const listening = service.onStatus(check);
    check();
  });
}
