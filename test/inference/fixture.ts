// What the tests of this room share: a service over a fixture model, in memory where the real part is not the point.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ContextSize, EngineModel } from "../../server/inference/engine/engine.ts";
import { createLlamaEngine } from "../../server/inference/engine/in-process/llama-engine.ts";
import { createInferenceService, defaultInferenceSettings } from "../../server/inference/index.ts";
import type {
  CatalogueEntry,
  Engine,
  InferenceDeps,
  InferenceService,
  InferenceStatus,
  ModelCompletion,
  ModelRequest,
  ModelState,
  ModelFetcher,
} from "../../server/inference/index.ts";
import type { createManualClock } from "../../server/platform/index.ts";
import {
  createMachine,
  createMemoryFolderFiles,
  openFolderFiles,
  silentLog,
  systemClock,
} from "../../server/platform/index.ts";
import { buildFixtureModel } from "../kit/fixture-model.ts";
import type { FixtureModel } from "../kit/fixture-model.ts";

export const folder: string = mkdtempSync(join(tmpdir(), "hearth-inference-"));
export const modelData: ReturnType<typeof openFolderFiles> = openFolderFiles(
  new URL("../../models", import.meta.url).pathname,
);

/** The runner ends its processes without an exit event: test files that write models call this when they end. */
export function removeFixtures(): void {
  rmSync(folder, { recursive: true, force: true });
}
process.once("exit", removeFixtures);

let written = 0;

export function writeFixture(options: FixtureModel | Uint8Array): string {
  written += 1;
  const file = join(folder, `fixture-${written}.gguf`);
  writeFileSync(file, options instanceof Uint8Array ? options : buildFixtureModel(options));
  return file;
}

/** llama.cpp on the processor. */
export function startEngine(): Engine {
  return createLlamaEngine({ log: silentLog, clock: systemClock, gpu: "off" });
}

/** A fixture model in one small sequence, without a service around it. */
export async function loadFixture(
  engine: Engine,
  model: FixtureModel,
  size: ContextSize,
): Promise<EngineModel> {
  const loaded = await engine.load({
    file: writeFixture(model),
    sequences: 1,
    threads: 1,
    onProcessor: size,
    onDevice: size,
    signal: new AbortController().signal,
  });
  if (!loaded.ok) throw new Error(loaded.failure.reason);
  return loaded.value;
}

export function entryFor(changes: Partial<CatalogueEntry> = {}): CatalogueEntry {
  return {
    id: "fixture",
    name: "Fixture",
    licence: "Apache-2.0",
    licenceUrl: undefined,
    needsConsent: false,
    parameters: 1000,
    architecture: "llama",
    quantisation: "F32",
    promptFormat: "prefix-only",
    sources: [],
    bytes: undefined,
    sha256: undefined,
    contextTokens: 2048,
    confidenceGate: 0.8,
    minimumMemoryBytes: 0,
    ...changes,
  };
}

export function supplierOf(file: string): ModelFetcher {
  return {
    find: () => Promise.resolve(file),
    fetch: () => Promise.resolve({ ok: true, value: file }),
    explain: (failure) => failure.kind,
  };
}

export function serviceDeps(
  file: string,
  engine: Engine,
  changes: Partial<InferenceDeps> = {},
): InferenceDeps {
  return {
    supplier: supplierOf(file),
    candidates: () => Promise.resolve([entryFor()]),
    modelData,
    stateFiles: createMemoryFolderFiles(),
    machine: createMachine(),
    clock: systemClock,
    log: silentLog,
    settings: defaultInferenceSettings,
    engine,
    ...changes,
  };
}

/** Resolves when the state has this kind; fails with the last state after a deadline. */
export function untilState(service: InferenceService, kind: ModelState["kind"]): Promise<InferenceStatus> {
  return new Promise((resolve, reject) => {
    const deadline = setTimeout(() => {
      listening.dispose();
      reject(new Error(`waited for ${kind}, the state is ${JSON.stringify(service.status().state)}`));
    }, 30_000);
    const check = (status: InferenceStatus): void => {
      if (status.state.kind !== kind) return;
      clearTimeout(deadline);
      listening.dispose();
      resolve(status);
    };
    const listening = service.onStatus(check);
    check(service.status());
  });
}

export async function ready(deps: InferenceDeps): Promise<InferenceService> {
  const service = createInferenceService(deps);
  service.prepare();
  await untilState(service, "ready");
  return service;
}

export function request(before: string, changes: Partial<ModelRequest> = {}): ModelRequest {
  return {
    document: "file:///a.py",
    path: "a.py",
    lineComment: "#",
    before,
    after: "",
    requestClass: "typing",
    maxTokens: 24,
    ...changes,
  };
}

export async function complete(service: InferenceService, wanted: ModelRequest): Promise<ModelCompletion> {
  const result = await service.complete(wanted, new AbortController().signal);
  if (!result.ok) throw new Error(`the request ended as ${JSON.stringify(result.failure)}`);
  return result.value;
}

/** Resolves when no request waits or runs; for work that has no answer of its own. */
export async function untilIdle(service: InferenceService): Promise<void> {
  const deadlineMs = performance.now() + 30_000;
  while (service.status().queueLength > 0) {
    if (performance.now() > deadlineMs) throw new Error("the lane does not come to rest");
    await systemClock.yieldTurn();
  }
}

/** The limits inside `dispose` are timers of the manual clock. */
export async function disposeWith(
  clock: ReturnType<typeof createManualClock>,
  service: InferenceService,
): Promise<void> {
  const done = service.dispose();
  clock.advance(0);
  await done;
}
