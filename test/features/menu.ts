// The menu with a scripted model and a clock that stands still, for tests that decide when the model says what.
import { beforeEach } from "vitest";
import { createCompletion, createModelLines } from "../../server/features/index.ts";
import type {
  CompletionAnswer,
  CompletionFeature,
  CompletionParts,
  CompletionQuery,
  ModelLines,
} from "../../server/features/index.ts";
import { createManualClock } from "../../server/platform/index.ts";
import type { ManualClock } from "../../server/platform/index.ts";
import { applyEdit } from "../../server/text/index.ts";
import { createScriptedInference } from "./scripted-inference.ts";
import type { ScriptedInference } from "./scripted-inference.ts";
import { never, strictBugs } from "./workbench.ts";
import type { OpenFixture } from "./workbench.ts";

export interface Menu {
  readonly inference: ScriptedInference;
  readonly clock: ManualClock;
  readonly lines: ModelLines;
  readonly completion: CompletionFeature;
  ask(open: OpenFixture, query?: Partial<CompletionQuery>, signal?: AbortSignal): Promise<CompletionAnswer>;
  /** Asks, and lets the deadline pass. */
  askLate(open: OpenFixture, query?: Partial<CompletionQuery>): Promise<CompletionAnswer>;
}

export const DEADLINE_MS = 50;

/** A new menu for each test of a file. */
export function useMenu(): Menu & {
  /** Puts a new menu in its place, with some parts switched off. */
  restart(parts?: CompletionParts): void;
} {
  let menu: Menu;
  beforeEach(() => {
    menu = createMenu();
  });
  return {
    get inference() {
      return menu.inference;
    },
    get clock() {
      return menu.clock;
    },
    get lines() {
      return menu.lines;
    },
    get completion() {
      return menu.completion;
    },
    ask: (...question) => menu.ask(...question),
    askLate: (...question) => menu.askLate(...question),
    restart(parts) {
      menu = createMenu(parts);
    },
  };
}

function createMenu(parts?: CompletionParts): Menu {
  const inference = createScriptedInference();
  const clock = createManualClock();
  const bugs = strictBugs();
  const lines = createModelLines({ inference, bugs, clock });
  const completion = createCompletion({ lines, clock, bugs, ...(parts === undefined ? {} : { parts }) });
  const ask: Menu["ask"] = (open, query = {}, signal = never) =>
    completion.complete(
      {
        snapshot: open.snapshot(),
        offset: open.cursor(),
        isInvoked: false,
        modelDeadlineMs: DEADLINE_MS,
        maxItems: 20,
        ...query,
      },
      signal,
    );
  return {
    inference,
    clock,
    lines,
    completion,
    ask,
    askLate(open, query) {
      const answer = ask(open, query);
      clock.advance(DEADLINE_MS);
      return answer;
    },
  };
}

/** The texts that the model's entries give when they are accepted, best first; the document's text stays as it is. */
export function accepted(open: OpenFixture, answer: CompletionAnswer): readonly string[] {
  return answer.items
    .filter(({ kind }) => kind === "model-line" || kind === "model-block")
    .map(({ edit }) => applyEdit(open.snapshot().text, edit).content);
}

/** Names in the order of the menu. */
export function namesOf(answer: CompletionAnswer): readonly string[] {
  return answer.items.filter(({ kind }) => !kind.startsWith("model-")).map(({ label }) => label);
}

/** Accepts the model's first entry: the document has its text, and the cursor stands behind it. */
export function accept(open: OpenFixture, answer: CompletionAnswer): void {
  const [first] = answer.items;
  if (first === undefined) throw new Error("there is nothing to accept");
  open.edit(first.edit);
  open.moveTo(first.edit.start + first.edit.newText.length);
}
