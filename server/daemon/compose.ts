// The only composition root: which implementation stands behind each interface of the daemon.
import { join } from "node:path";
import {
  createActions,
  createCompletion,
  createDiagnostics,
  createInline,
  createModelLines,
} from "../features/index.ts";
import type { InferenceService } from "../inference/index.ts";
import type { BugRecorder } from "../kernel/index.ts";
import { createInstalledFiles } from "../platform/index.ts";
import type { Clock, Log, Paths } from "../platform/index.ts";
import type { OpenSession, SessionDeps } from "../session/index.ts";
import { createSyntaxService } from "../syntax/index.ts";
import { openInterimSession } from "./interim-session.ts";
import { isProcessAlive } from "./liveness.ts";
import { createNoInference } from "./no-inference.ts";

export interface ComposeOptions {
  readonly paths: Paths;
  readonly clock: Clock;
  readonly log: Log;
  readonly bugs: BugRecorder;
  readonly version: string;
  /** False after a model brought the daemon down again and again. */
  readonly hasModel: boolean;
}

export interface Composition {
  readonly session: SessionDeps;
  readonly openSession: OpenSession;
  /** Frees native memory; resolves within about two seconds. */
  dispose(): Promise<void>;
}

export async function compose(options: ComposeOptions): Promise<Composition> {
  const { paths, clock, log, bugs } = options;
  const syntax = await createSyntaxService({
    grammarsFolder: join(paths.packageRoot, "grammars"),
    files: createInstalledFiles(),
    clock,
    log: log.child({ room: "syntax" }),
    bugs,
  });
  const inference = createInference(options);
  const lines = createModelLines({ inference, bugs });
  return {
    openSession: openInterimSession,
    session: {
      syntax,
      inference,
      completion: createCompletion({ lines, clock, bugs }),
      inline: createInline({ lines }),
      diagnostics: createDiagnostics(),
      actions: createActions({ clock }),
      clock,
      log,
      bugs,
      serverVersion: options.version,
      isProcessAlive,
    },
    async dispose() {
      await inference.dispose();
      syntax.dispose();
    },
  };
}

function createInference(options: ComposeOptions): InferenceService {
  return createNoInference(options.hasModel ? "no model yet" : "switched off for this process");
}
