// The only composition root: which implementation stands behind each interface of the daemon.
import { join } from "node:path";
import {
  createAcceptance,
  createActions,
  createCompletion,
  createDiagnostics,
  createInline,
  createKnownNames,
  createModelLines,
  createSymbols,
  createWarming,
} from "../features/index.ts";
import type { LineTotals } from "../features/index.ts";
import { createInferenceService } from "../inference/index.ts";
import type { CatalogueEntry, InferenceService, ModelSupplier } from "../inference/index.ts";
import { createForeground } from "../kernel/index.ts";
import type { BugRecorder } from "../kernel/index.ts";
import {
  createInstalledFiles,
  systemThreads,
  createMachine,
  openFolderFiles,
  openScratchFiles,
  systemFiles,
  systemProcesses,
} from "../platform/index.ts";
import type { Clock, Environment, Log, Machine, Paths } from "../platform/index.ts";
import { openSession } from "../session/index.ts";
import type { OpenSession, SessionDeps } from "../session/index.ts";
import type { MachineSettings, Settings } from "../settings/index.ts";
import { createSyntaxService } from "../syntax/index.ts";
import { isProcessAlive } from "./liveness.ts";
import { chooseModels } from "./model-choice.ts";
import { openSupplier } from "./open-supplier.ts";
import { withServer } from "./server-choice.ts";
import { openSettings, settingsFiles } from "./read-settings.ts";

export interface ComposeOptions {
  readonly paths: Paths;
  readonly environment: Environment;
  readonly clock: Clock;
  readonly log: Log;
  readonly bugs: BugRecorder;
  readonly version: string;
  /** False after a model brought the daemon down again and again. */
  readonly hasModel: boolean;
}

export interface Composition {
  readonly session: SessionDeps;
  readonly settings: MachineSettings;
  readonly supplier: ModelSupplier;
  readonly openSession: OpenSession;
  /** What became of completion's questions to the model. */
  readonly completionTotals: () => LineTotals;
  /** Frees native memory; resolves within about two seconds. */
  dispose(): Promise<void>;
}

/** Node fires a longer timer at once; this is 24 days. */
const LONGEST_TIMER_MS = 2_147_483_647;

export async function compose(options: ComposeOptions): Promise<Composition> {
  const { paths, clock, log, bugs } = options;
  const settings = await openSettings(paths, options.environment);
  const machine = createMachine();
  const foreground = createForeground();
  const [syntax, supplier] = await Promise.all([
    createSyntaxService({
      grammarsFolder: join(paths.packageRoot, "grammars"),
      files: createInstalledFiles(),
      threads: systemThreads,
      clock,
      log: log.child({ room: "syntax" }),
      bugs,
      foreground,
    }),
    openSupplier({
      ...options,
      settings: () => {
        const { offline, model } = settings.current();
        // The daemon fetches nothing by itself when it may not; `hearth models pull` does it on request.
        return { isOffline: offline || !model.download, rewritesSlowFiles: model.rewrite };
      },
    }),
  ]);
  const inference = withServer(
    {
      environment: options.environment,
      modelData: openFolderFiles(join(paths.packageRoot, "models")),
      supplier,
      clock,
      log,
    },
    settings.current(),
    openInference(options, settings.current(), supplier, machine),
    options.hasModel,
  );
  const lines = createModelLines({ inference, bugs, clock });
  const acceptance = createAcceptance({
    files: openFolderFiles(paths.state),
    clock,
    log: log.child({ room: "acceptance" }),
  });
  const names = createKnownNames({ clock, onError: (error) => bugs.report("completion.names", error) });
  return {
    openSession,
    completionTotals: () => lines.totals(),
    settings,
    supplier,
    session: {
      syntax,
      inference,
      completion: createCompletion({ lines, clock, bugs, names }),
      inline: createInline({ lines, clock, names }),
      diagnostics: createDiagnostics(),
      actions: createActions({ clock }),
      symbols: createSymbols(),
      warming: createWarming({ lines, clock }),
      acceptance,
      settings,
      files: settingsFiles,
      clock,
      log,
      bugs,
      foreground,
      serverVersion: options.version,
      isProcessAlive,
    },
    async dispose() {
      acceptance.dispose();
      await inference.dispose();
      syntax.dispose();
    },
  };
}

function openInference(
  options: ComposeOptions,
  settings: Settings,
  supplier: ModelSupplier,
  machine: Machine,
): InferenceService {
  const { paths, clock, log, hasModel } = options;
  const { threads, gpu, unloadAfterMinutes } = settings.inference;
  const choice = {
    supplier,
    machine,
    files: systemFiles,
    processes: systemProcesses,
    settings: () => settings.model,
    hasModel,
    log,
  };
  return createInferenceService({
    supplier,
    candidates: async (signal) =>
      (await chooseModels(choice, signal)).map((entry) => withLimits(entry, settings)),
    modelData: openFolderFiles(join(paths.packageRoot, "models")),
    stateFiles: openFolderFiles(paths.state),
    scratch: openScratchFiles(join(paths.runtime, "states"), machine),
    machine,
    clock,
    log,
    settings: {
      gpu,
      threads: threads === 0 ? undefined : threads,
      idleUnloadMs: unloadAfterMinutes === 0 ? LONGEST_TIMER_MS : unloadAfterMinutes * 60_000,
      contextTokens: settings.inference.contextTokens ?? undefined,
    },
  });
}

/** The user's bounds in place of the catalogue's. */
function withLimits(entry: CatalogueEntry, settings: Settings): CatalogueEntry {
  return {
    ...entry,
    contextTokens: Math.min(entry.contextTokens, settings.inference.contextTokens ?? entry.contextTokens),
    confidenceGate: settings.completion.confidenceGate ?? entry.confidenceGate,
  };
}
