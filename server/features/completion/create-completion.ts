// The menu: known names at once, joined by the model's line when it is there within the deadline.
import type { BugRecorder } from "../../kernel/index.ts";
import type { Clock } from "../../platform/index.ts";
import type { CompletionAnswer, CompletionFeature, CompletionItem, CompletionQuery } from "./completion.ts";
import { readCursorPlace } from "./cursor-place.ts";
import type { CursorPlace } from "./cursor-place.ts";
import { questionAt } from "./model/line-question.ts";
import type { LineQuestion } from "./model/line-question.ts";
import type { LineAnswer, ModelLines } from "./model/model-lines.ts";
import { showLine } from "./model/shown-line.ts";
import { createKnownNames } from "./names/known-names.ts";
import type { NamesFound } from "./names/known-names.ts";
import type { RankedName } from "./names/rank.ts";
import { waitAtMost } from "./wait.ts";

export interface CompletionDeps {
  readonly lines: ModelLines;
  readonly clock: Clock;
  readonly bugs: BugRecorder;
}

type ModelPart = CompletionAnswer["model"] & {
  readonly item: CompletionItem | undefined;
  readonly isWorthAskingAgain: boolean;
};

export function createCompletion({ lines, clock, bugs }: CompletionDeps): CompletionFeature {
  const knownNames = createKnownNames({
    clock,
    onError: (error) => bugs.report("completion.names", error),
  });

  const namesFor = (query: CompletionQuery, place: CursorPlace): NamesFound => {
    try {
      return knownNames({ ...query, others: query.others ?? [], place });
    } catch (error) {
      bugs.report("completion.names", error);
      return { names: [], isPartial: false };
    }
  };

  const modelPart = (
    query: CompletionQuery,
    place: CursorPlace,
    question: LineQuestion,
    answer: LineAnswer | undefined,
  ): ModelPart => {
    const none = { tokens: undefined, item: undefined };
    if (answer === undefined) return { ...none, outcome: "late", isWorthAskingAgain: true };
    if (answer.kind !== "line") {
      return { ...none, outcome: answer.kind, isWorthAskingAgain: answer.kind === "superseded" };
    }
    const { line, tokens } = answer;
    const gated = { outcome: "gated", tokens, item: undefined, isWorthAskingAgain: true } as const;
    if (line.text.trim() === "") return { ...gated, outcome: "none" };
    if (!line.isConfident) return gated;
    const head = { start: place.wordStart, end: place.offset, text: place.typed };
    const edit = showLine(query.snapshot, question, line.text, head);
    if (edit === undefined) return gated;
    const label = edit.newText.trim();
    const item = { kind: "model-line", label, edit, filterText: label, rank: 0, detail: "model" } as const;
    return { outcome: "answered", tokens, item, isWorthAskingAgain: false };
  };

  const askModel = async (
    query: CompletionQuery,
    place: CursorPlace,
    signal: AbortSignal,
  ): Promise<ModelPart> => {
    if (query.isModelOff === true || !isPlaceForModel(query, place)) {
      return { outcome: "none", tokens: undefined, item: undefined, isWorthAskingAgain: false };
    }
    const question = questionAt(query.snapshot, place.offset);
    const known = lines.recall(question);
    if (known !== undefined) return modelPart(query, place, question, known);
    const answer = await waitAtMost(query.modelDeadlineMs, clock, signal, (waiting) =>
      lines.ask(question, query.isInvoked ? "explicit" : "typing", waiting),
    );
    return modelPart(query, place, question, answer);
  };

  return {
    async complete(query, signal) {
      const place = readCursorPlace(query.snapshot, query.offset);
      // The model starts first; names are found while it works.
      const asked = askModel(query, place, signal);
      const { names, isPartial } = namesFor(query, place);
      const { item, outcome, tokens, isWorthAskingAgain } = await asked;
      const room = Math.max(0, query.maxItems - (item === undefined ? 0 : 1));
      const distinct = names.filter((name) => name.name !== item?.label);
      const shown = distinct.slice(0, room).map((name, at) => toItem(name, place, at + 1));
      return {
        items: item === undefined ? shown : [item, ...shown],
        isIncomplete: isWorthAskingAgain || isPartial || distinct.length > room,
        model: { outcome, tokens },
      };
    },
  };
}

/** Inside a word a line of code would only disturb; an oversize text is no text that a model was made for. */
function isPlaceForModel(query: CompletionQuery, place: CursorPlace): boolean {
  return !place.isInsideWord && query.snapshot.oversize === undefined;
}

function toItem(ranked: RankedName, place: CursorPlace, rank: number): CompletionItem {
  const { kind, name, filterText, detail, coversSigil } = ranked;
  const start = coversSigil ? place.wordStart - place.sigil.length : place.wordStart;
  return { kind, label: name, edit: { start, end: place.offset, newText: name }, filterText, rank, detail };
}
