// The menu: known names at once, joined by the model's text when it is there within the deadline.
import type { ScoredName } from "../../inference/index.ts";
import type { BugRecorder } from "../../kernel/index.ts";
import type { Clock } from "../../platform/index.ts";
import type { CompletionAnswer, CompletionFeature, CompletionItem, CompletionQuery } from "./completion.ts";
import { readCursorPlace } from "./cursor-place.ts";
import type { CursorPlace } from "./cursor-place.ts";
import { modelItems, nameItem } from "./menu-items.ts";
import { questionAt } from "./model/line-question.ts";
import type { LineQuestion } from "./model/line-question.ts";
import type { LineAnswer } from "./model/line-answer.ts";
import type { ModelLines } from "./model/model-lines.ts";
import { questionAfter } from "./model/next-question.ts";
import { partialLine } from "./model/partial-line.ts";
import { allParts, showText } from "./model/shown-line.ts";
import type { CompletionParts, ShownText } from "./model/shown-line.ts";
import { createKnownNames } from "./names/known-names.ts";
import type { KnownNames, NamesFound } from "./names/known-names.ts";
import { joinScores, namesToScore } from "./names/scores.ts";
import { createStableOrder } from "./names/stable-order.ts";
import { waitAtMost } from "./wait.ts";

export interface CompletionDeps {
  readonly lines: ModelLines;
  readonly clock: Clock;
  readonly bugs: BugRecorder;
  /** Shared with ghost text; absent: an own one. */
  readonly names?: KnownNames;
  /** Absent: all on. */
  readonly parts?: CompletionParts;
}

/** What the model adds to an answer. */
type ModelPart = CompletionAnswer["model"] & {
  readonly shown: ShownText | undefined;
  readonly names: readonly ScoredName[];
  readonly isWorthAskingAgain: boolean;
};

export function createCompletion(deps: CompletionDeps): CompletionFeature {
  const { lines, clock, bugs, parts = allParts } = deps;
  const knownNames =
    deps.names ?? createKnownNames({ clock, onError: (error) => bugs.report("completion.names", error) });
  const order = createStableOrder();

  const findNames = (query: CompletionQuery, place: CursorPlace): NamesFound => {
    try {
      return knownNames.find({ ...query, others: query.others ?? [], place });
    } catch (error) {
      bugs.report("completion.names", error);
      return { names: [], isPartial: false };
    }
  };

  const show = (
    { snapshot, others }: CompletionQuery,
    place: CursorPlace,
    question: LineQuestion,
    text: string,
  ): ShownText | undefined =>
    showText(text, {
      snapshot,
      question,
      head: { start: place.wordStart, end: place.offset, text: place.typed },
      parts,
      knows: place.kind === "code" ? knownNames.knower(snapshot, others ?? []) : undefined,
    });

  const partOf = (
    query: CompletionQuery,
    place: CursorPlace,
    question: LineQuestion,
    answer: LineAnswer | undefined,
  ): ModelPart => {
    if (answer === undefined) return latePart(query, place, question);
    if (answer.kind !== "line") {
      return { ...nothing, outcome: answer.kind, isWorthAskingAgain: answer.kind === "superseded" };
    }
    const { line, tokens, source } = answer;
    const part = { ...nothing, tokens, source, names: line.names };
    if (line.text.trim() === "") return { ...part, outcome: "none", isWorthAskingAgain: !line.endsLine };
    const shown = line.isConfident ? show(query, place, question, line.text) : undefined;
    if (shown === undefined) return { ...part, outcome: "gated", isWorthAskingAgain: true };
    lines.lookAhead(question, shown.kept, questionAfter(query.snapshot, question, shown.kept));
    return { ...part, shown, outcome: "answered", isWorthAskingAgain: false };
  };

  /** At the deadline: what is sure of the running answer already, and what it says of names. */
  const latePart = (query: CompletionQuery, place: CursorPlace, question: LineQuestion): ModelPart => {
    const progress = lines.progress(question);
    const late = { ...nothing, outcome: "late", isWorthAskingAgain: true } as const;
    if (progress === undefined) return late;
    const { language } = query.snapshot;
    const text = partialLine(progress, { lineLeft: place.lineLeft, language });
    const shown = text === undefined ? undefined : show(query, place, question, text);
    const { names } = progress;
    if (shown === undefined) return { ...late, names };
    lines.notePartial();
    return { ...late, names, shown, outcome: "partial", source: "kept" };
  };

  const askModel = async (
    query: CompletionQuery,
    place: CursorPlace,
    { names }: NamesFound,
    signal: AbortSignal,
  ): Promise<ModelPart> => {
    if (query.isModelOff === true || !isPlaceForModel(query, place))
      return { ...nothing, outcome: "none", isWorthAskingAgain: false };
    const question = questionAt(query.snapshot, place.offset);
    const known = lines.recall(question);
    if (known !== undefined) return partOf(query, place, question, known);
    const request = {
      requestClass: query.isInvoked ? "explicit" : "typing",
      names: parts.names ? namesToScore(names) : [],
    } as const;
    const { modelDeadlineMs, deadlineWithoutNamesMs = 0 } = query;
    const deadlineMs = names.length > 0 ? modelDeadlineMs : Math.max(modelDeadlineMs, deadlineWithoutNamesMs);
    const answer = await waitAtMost(deadlineMs, clock, signal, (waiting) =>
      lines.ask(question, request, waiting),
    );
    return partOf(query, place, question, answer);
  };

  return {
    async complete(query, signal) {
      const { snapshot, maxItems } = query;
      const place = readCursorPlace(snapshot, query.offset);
      const found = findNames(query, place);
      const { shown, names, outcome, source, tokens, isWorthAskingAgain } = await askModel(
        query,
        place,
        found,
        signal,
      );
      const model = shown === undefined ? [] : modelItems(shown);
      const labels = new Set(model.map(({ label }) => label));
      const ranked = parts.names ? joinScores(found.names, names) : found.names;
      const distinct = order.arrange(snapshot.id, place, ranked).filter(({ name }) => !labels.has(name));
      const listed = distinct.slice(0, Math.max(0, maxItems - model.length));
      order.remember(snapshot.id, place, listed);
      const namesOnly = listed.map((name) => nameItem(name, place));
      const items = shown?.isDoubtful === true ? [...namesOnly, ...model] : [...model, ...namesOnly];
      return {
        items: items.map((item, at): CompletionItem => ({ ...item, rank: model.length > 0 ? at : at + 1 })),
        isIncomplete: isWorthAskingAgain || found.isPartial || distinct.length > listed.length,
        model: { outcome, source, tokens },
      };
    },
  };
}

const nothing = { source: undefined, tokens: undefined, shown: undefined, names: [] } as const;

/** Inside a word a line of code would only disturb; an oversize text is no text that a model was made for. */
function isPlaceForModel(query: CompletionQuery, place: CursorPlace): boolean {
  return !place.isInsideWord && query.snapshot.oversize === undefined;
}
