// Sessions in memory for the test kit's client: real features and the real parser, a model and faults that the test decides.
import { afterAll, expect } from "vitest";
import {
  createAcceptance,
  createActions,
  createCompletion,
  createDiagnostics,
  createInline,
  createModelLines,
  createSymbols,
  createWarming,
} from "../../server/features/index.ts";
import { createBugRecorder, createForeground } from "../../server/kernel/index.ts";
import type { BugRecorder } from "../../server/kernel/index.ts";
import {
  createManualClock,
  createMemoryFiles,
  createMemoryFolderFiles,
  silentLog,
  systemClock,
} from "../../server/platform/index.ts";
import { openSession } from "../../server/session/index.ts";
import type { Session, SessionDeps } from "../../server/session/index.ts";
import { createDefaultSettings } from "../../server/settings/index.ts";
import type { SyntaxService } from "../../server/syntax/index.ts";
import { createScriptedInference } from "../features/scripted-inference.ts";
import type { ScriptedInference } from "../features/scripted-inference.ts";
import { startSyntax } from "../features/workbench.ts";
import type { Mode } from "../kit/modes.ts";
import { createStreamPair } from "../kit/streams.ts";

export interface SessionMode extends Mode {
  readonly inference: ScriptedInference;
  readonly bugs: BugRecorder;
  /** The session that was started last. */
  session(): Session;
}

let syntax: Promise<SyntaxService> | undefined;
let sessions = 0;
afterAll(async () => (await syntax)?.dispose());

function sharedSyntax(): Promise<SyntaxService> {
  return (syntax ??= startSyntax());
}

export function sessionMode(overrides: Partial<SessionDeps> = {}): SessionMode {
  const inference = createScriptedInference();
  inference.reply = { kind: "not-ready" };
  const bugs = createBugRecorder();
  let session: Session | undefined;
  return {
    name: "session",
    inference,
    bugs,
    session: () => session!,
    async start() {
      const clock = overrides.clock ?? systemClock;
      const lines = createModelLines({ inference, bugs, clock });
      const deps: SessionDeps = {
        syntax: await sharedSyntax(),
        inference,
        completion: createCompletion({ lines, clock, bugs }),
        inline: createInline({ lines, clock }),
        diagnostics: createDiagnostics(),
        // Time stands still here: which actions are found must not depend on how busy the machine is.
        actions: createActions({ clock: createManualClock() }),
        symbols: createSymbols(),
        warming: createWarming({ lines, clock }),
        acceptance: createAcceptance({ files: createMemoryFolderFiles(), clock, log: silentLog }),
        settings: createDefaultSettings(),
        files: createMemoryFiles(),
        clock,
        log: silentLog,
        bugs,
        foreground: createForeground(),
        serverVersion: "0.0.0-test",
        isProcessAlive: () => true,
        ...overrides,
      };
      const pair = createStreamPair();
      sessions += 1;
      const started = openSession(sessions, pair.server, deps);
      session = started;
      return {
        stream: pair.client,
        exited: started.ended,
        async destroy() {
          pair.client.release();
          pair.client.end();
          await started.ended;
        },
        complaints: () => "",
        pid: undefined,
      };
    },
  };
}

/** For the end of a test in which nothing may have gone wrong inside. */
export function expectNoBugs(mode: SessionMode): void {
  expect(mode.bugs.list()).toEqual([]);
}
