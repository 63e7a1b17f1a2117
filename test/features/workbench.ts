// Opens fixtures in a real document store with the real parser, and asks features in fixture terms.
import { setMaxListeners } from "node:events";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { createBugRecorder } from "../../server/kernel/index.ts";
import type { BugRecorder } from "../../server/kernel/index.ts";
import type { Clock } from "../../server/platform/index.ts";
import { createInstalledFiles, systemThreads, silentLog, systemClock } from "../../server/platform/index.ts";
import { createSyntaxService } from "../../server/syntax/index.ts";
import type { SyntaxService } from "../../server/syntax/index.ts";
import { applyEdits } from "../../server/text/index.ts";
import type { TextEdit } from "../../server/text/index.ts";
import { createDocumentStore } from "../../server/workspace/index.ts";
import type { DocumentSnapshot, DocumentStore } from "../../server/workspace/index.ts";
import { parseFixtureFiles } from "../kit/fixture.ts";

export const never: AbortSignal = new AbortController().signal;
// Tests leave many requests waiting for it at once.
setMaxListeners(0, never);

/** A bug that is recorded fails the test. */
export function strictBugs(): BugRecorder {
  return createBugRecorder((record) => {
    throw new Error(`a bug was recorded: ${record.key}: ${record.message}\n${record.stack}`);
  });
}

/** Timers run, and nothing ever takes too long: what is judged must not depend on how busy the machine is. */
const patientClock: Clock = { ...systemClock, nowMs: () => 0 };

export function startSyntax(): Promise<SyntaxService> {
  return createSyntaxService({
    grammarsFolder: new URL("../../grammars", import.meta.url).pathname,
    files: createInstalledFiles(),
    threads: systemThreads,
    clock: patientClock,
    log: silentLog,
    bugs: strictBugs(),
  });
}

export interface Workbench {
  readonly store: DocumentStore;
  /** Opens all files of the fixture and waits until they are parsed. */
  open(fixture: string): Promise<OpenFixture>;
}

export interface OpenFixture {
  /** The file with the marker as it is now. */
  snapshot(): DocumentSnapshot;
  cursor(): number;
  others(): readonly DocumentSnapshot[];
  /** Types at the cursor as an editor does: one change per call. */
  type(text: string): void;
  /** Any other change; the cursor stays where it is. */
  edit(edit: TextEdit): void;
  /** Puts the cursor elsewhere. */
  moveTo(offset: number): void;
}

/** A new workbench for each test of a file, over one syntax service for all of them. */
export function useWorkbench(): Workbench & { readonly syntax: SyntaxService } {
  let syntax: SyntaxService;
  let workbench: Workbench;
  beforeAll(async () => {
    syntax = await startSyntax();
  });
  afterAll(() => syntax.dispose());
  beforeEach(() => {
    workbench = createWorkbench(syntax);
  });
  afterEach(() => workbench.store.dispose());
  return {
    get syntax() {
      return syntax;
    },
    get store() {
      return workbench.store;
    },
    open: (fixture) => workbench.open(fixture),
  };
}

export function createWorkbench(syntax: SyntaxService): Workbench {
  const store = createDocumentStore({
    syntax,
    owner: "test",
    folders: () => [{ uri: "file:///", name: "" }],
  });
  return {
    store,
    async open(fixture) {
      const files = parseFixtureFiles(fixture);
      const marked = files.find((file) => file.cursor !== undefined) ?? files[0]!;
      for (const file of files) {
        const uri = `file://${file.path}`;
        store.close(uri);
        store.open({ uri, editorId: "", version: 1, content: file.content });
        await store.get(uri)?.syntax.whenParsed(AbortSignal.timeout(30_000));
      }
      const uri = `file://${marked.path}`;
      let cursor = marked.cursor ?? 0;
      const change = (edit: TextEdit): void => {
        const before = store.get(uri)!;
        const content = applyEdits(before.text, [edit]).content;
        const range = {
          start: positionIn(before.text.content, edit.start),
          end: positionIn(before.text.content, edit.end),
        };
        const { problems } = store.change(
          { uri, version: before.version + 1, changes: [{ range, text: edit.newText }] },
          "utf-16",
        );
        if (problems.length > 0 || store.get(uri)!.text.content !== content) throw new Error(problems.join());
      };
      return {
        snapshot: () => store.get(uri)!,
        cursor: () => cursor,
        others: () => store.all().filter((other) => other.uri !== uri),
        type(text) {
          change({ start: cursor, end: cursor, newText: text });
          cursor += text.length;
        },
        edit: change,
        moveTo(offset) {
          cursor = offset;
        },
      };
    },
  };
}

function positionIn(content: string, offset: number): { line: number; character: number } {
  const lines = content.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
}
