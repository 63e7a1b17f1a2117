// A syntax service on the real grammars, and the few steps that most tests of the room take.
import { createBugRecorder } from "../../server/kernel/index.ts";
import { createInstalledFiles, silentLog, systemClock, systemThreads } from "../../server/platform/index.ts";
import type { Clock } from "../../server/platform/index.ts";
import { createSyntaxService } from "../../server/syntax/index.ts";
import type { Language, SyntaxDeps, SyntaxService, SyntaxSnapshot } from "../../server/syntax/index.ts";
import { applyEdit, createText } from "../../server/text/index.ts";
import type { Text, TextEdit } from "../../server/text/index.ts";

export const grammarsFolder: string = new URL("../../grammars", import.meta.url).pathname;

export function startService(overrides: Partial<SyntaxDeps> = {}): Promise<SyntaxService> {
  return createSyntaxService({
    grammarsFolder,
    files: createInstalledFiles(),
    threads: systemThreads,
    clock: systemClock,
    log: silentLog,
    bugs: createBugRecorder((record) => {
      throw new Error(`a bug was recorded: ${record.key}: ${record.message}`);
    }),
    ...overrides,
  });
}

/** Time stands still, so that no budget ever ends: what can be done in a turn is done in it. */
export const stoppedClock: Clock = { ...systemClock, nowMs: () => 0 };

/** Every budget is spent before it begins: whatever can be put off is put off. */
export function createHastyClock(): Clock {
  let nowMs = 0;
  return { ...systemClock, nowMs: () => (nowMs += 20) };
}

export function languageOf(service: SyntaxService, id: string): Language {
  const language = service.languages.byId(id);
  if (language === undefined) throw new Error(`no language ${id}`);
  return language;
}

interface OpenText {
  text(): Text;
  current(): SyntaxSnapshot | undefined;
  parsed(): Promise<SyntaxSnapshot>;
  judged(): Promise<SyntaxSnapshot>;
  edit(...edits: readonly TextEdit[]): void;
  dispose(): void;
}

/** A document that keeps its own text, as the workspace does. */
export function openText(service: SyntaxService, languageId: string, content: string): OpenText {
  let text = createText(content);
  const document = service.openDocument(languageOf(service, languageId), text);
  return {
    text: () => text,
    current: () => document.current(),
    async parsed() {
      const snapshot = await document.whenParsed(AbortSignal.timeout(30_000));
      if (snapshot === undefined) throw new Error("the text was not parsed within 30 s");
      return snapshot;
    },
    async judged() {
      const snapshot = await document.whenJudged(AbortSignal.timeout(30_000));
      if (snapshot === undefined) throw new Error("the text was not judged within 30 s");
      return snapshot;
    },
    edit(...edits) {
      text = edits.reduce(applyEdit, text);
      document.update(text, edits);
    },
    dispose: () => document.dispose(),
  };
}
