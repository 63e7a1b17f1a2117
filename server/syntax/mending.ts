// Finds what is wrong by mending it on a copy: the bracket or quote whose insertion heals most is named, then the next one.
// What is left over is said of the text as it stands, so one missing bracket is one finding, not twenty.
import type { Node } from "web-tree-sitter";
import { lineAt, lineStart } from "../text/index.ts";
import type { Offset, Span, Text, TextEdit } from "../text/index.ts";
import { lonelyBrackets } from "./brackets.ts";
import type { LonelyBracket } from "./brackets.ts";
import { runQuery } from "./captures.ts";
import { NODE_WEIGHT, damageOf, errorNodes, innerErrorNodes } from "./error-nodes.ts";
import { describeBracket, describeNode, describeQuote, describeToken } from "./finding-texts.ts";
import type { ErrorNode } from "./finding-texts.ts";
import { MAX_FINDINGS, MENDING_LIMIT_MS, SLICE_MS } from "./limits.ts";
import { closingPlaces, quotePlaces } from "./repair-places.ts";
import { expectedTokens } from "./expected-tokens.ts";
import { openQuotes } from "./quotes.ts";
import type { OpenQuote } from "./quotes.ts";
import type { SyntaxFinding } from "./syntax-service.ts";
import { startTrial } from "./trial.ts";
import type { ParsedText, TrialDeps } from "./trial.ts";

/** Repairs tried for one problem, and for one text: the same on every machine, so that findings do not depend on its speed. */
const TRIALS_PER_PROBLEM = 8;
const TRIALS_PER_TEXT = 60;
/** In large broken regions a trial costs more (UTF-16 units parsed in all trials together). */
const TRIED_UNITS = 600_000;
/** Longer stretches of broken text are not scanned for brackets: the scan and its query would take too long. */
const MAX_SCANNED = 300_000;

/**
 * In the order of the text. The tree of `parsed` must have errors; it stays the caller's, who may release it after the
 * first step. Each step is a trial, or a slice of one.
 */
export function* findingsByMending(
  deps: TrialDeps,
  parsed: ParsedText,
): MendingSteps<readonly SyntaxFinding[]> {
  const trials: Trials = { left: TRIALS_PER_TEXT, leftMs: MENDING_LIMIT_MS };
  const findings: SyntaxFinding[] = [];
  let state: ParsedText = { text: parsed.text, owned: deps.engine.own(parsed.owned.tree.copy()) };
  const insertions: TextEdit[] = [];
  const back: MoveBack = (offset) =>
    insertions.reduceRight(
      (at, { start, end, newText }) =>
        at <= start ? at : Math.max(start, at - newText.length + (end - start)),
      offset,
    );
  /** Nothing is said about what a repair itself put there. */
  const isInserted = (offset: Offset): boolean => insertions.length > 0 && back(offset) === back(offset + 1);
  const mendedAt = new Set<Offset>();
  const isOldNews = (offset: Offset): boolean => isInserted(offset) || mendedAt.has(back(offset));
  const moveTo = (mended: ParsedText, edit: TextEdit): void => {
    state.owned.release();
    state = mended;
    insertions.push(edit);
  };
  try {
    while (findings.length < MAX_FINDINGS) {
      const nodes = errorNodes(state.owned.tree, MAX_FINDINGS);
      if (nodes.length === 0) break;
      const mended = yield* mendNext(deps, state, nodes, trials, isOldNews);
      if (mended === undefined) {
        const blocker = firstUnmended(deps, state, nodes, isOldNews);
        if (blocker !== undefined)
          findings.push(describeBracket(parsed.text, moveBracket(blocker, back, isInserted), undefined));
        const before =
          blocker === undefined ? Infinity : lineStart(state.text, lineAt(state.text, blocker.offset));
        for (const node of nodes)
          if (node.endIndex < before) findings.push(describeNode(parsed.text, moveNode(node, back)));
        break;
      }
      // Said of the text as it stands: every place is one of the original text.
      const { start, end, newText } = mended.edit;
      findings.push(
        mended.problem.describe(parsed.text, { start: back(start), end: back(end), newText }, back),
      );
      mendedAt.add(back(mended.problem.offset));
      moveTo(mended.parsed, mended.edit);
    }
  } finally {
    state.owned.release();
  }
  return inOrder(parsed.text, findings);
}

/** Between two steps other work may run. */
type MendingSteps<Value> = Generator<undefined, Value, undefined>;

interface Trials {
  left: number;
  /** The time that all trials together may still take. */
  leftMs: number;
}

type MoveBack = (offset: Offset) => Offset;

interface Problem {
  /** Where it stands in the text that was tried. */
  readonly offset: Offset;
  readonly edits: readonly TextEdit[];
  /** Whether the edits come in the order of their likelihood. */
  readonly isInOrder: boolean;
  /** What a repair must heal at least to be believed. */
  readonly minimum: number;
  /** `back` leads from the text that was tried to `text`, in which `edit` already lies. */
  readonly describe: (text: Text, edit: TextEdit, back: MoveBack) => SyntaxFinding;
}

interface Mended {
  readonly parsed: ParsedText;
  readonly edit: TextEdit;
  readonly problem: Problem;
}

function* mendNext(
  deps: TrialDeps,
  state: ParsedText,
  nodes: readonly Node[],
  trials: Trials,
  isOldNews: (offset: Offset) => boolean,
): MendingSteps<Mended | undefined> {
  const damage = damageOf(state.owned.tree);
  const region = regionOf(state, nodes);
  trials.left = Math.min(trials.left, Math.floor(TRIED_UNITS / (region.end - region.start + 1)));
  for (const problem of problemsOf(deps, state, nodes)) {
    if (isOldNews(problem.offset)) continue;
    const best = yield* bestTrial(deps, state, problem, damage - problem.minimum + 1, trials);
    if (best !== undefined) return { parsed: best.parsed, edit: best.edit, problem };
  }
  return undefined;
}

function moveBracket(
  lonely: LonelyBracket,
  back: MoveBack,
  isInserted: (offset: Offset) => boolean = () => false,
): LonelyBracket {
  const { offset, noticedAt } = lonely;
  const isNoticedInText = noticedAt !== undefined && !isInserted(noticedAt);
  return { ...lonely, offset: back(offset), noticedAt: isNoticedInText ? back(noticedAt) : undefined };
}

function moveNode(node: Node, back: MoveBack): ErrorNode {
  const { isMissing, isNamed, type } = node;
  return { isMissing, isNamed, type, start: back(node.startIndex), end: back(node.endIndex) };
}

/** The edit after which the parser understands most; undefined when none helps. */
function* bestTrial(
  deps: TrialDeps,
  state: ParsedText,
  { edits, isInOrder }: Problem,
  damage: number,
  trials: Trials,
): MendingSteps<{ readonly parsed: ParsedText; readonly edit: TextEdit } | undefined> {
  let best: { readonly parsed: ParsedText; readonly edit: TextEdit; readonly damage: number } | undefined;
  let isOver = false;
  try {
    for (const edit of edits.slice(0, TRIALS_PER_PROBLEM)) {
      if (trials.left <= 0) break;
      trials.left -= 1;
      const parsed = yield* tryInSlices(deps, state, edit, trials);
      if (parsed === undefined) break;
      const left = damageOf(parsed.owned.tree);
      if (left < (best?.damage ?? damage)) {
        best?.parsed.owned.release();
        best = { parsed, edit, damage: left };
        // Places come in the order of likelihood: one that leaves nothing wrong up to itself is taken, whatever is wrong behind it.
        const upTo = edit.start + edit.newText.length;
        const [firstLeft] = innerErrorNodes(parsed.owned.tree, 1);
        if (left === 0 || (isInOrder && (firstLeft === undefined || firstLeft.startIndex > upTo))) break;
      } else parsed.owned.release();
      yield;
    }
    isOver = true;
    return best;
  } finally {
    // Closed between two trials: nobody will take it.
    if (!isOver) best?.parsed.owned.release();
  }
}

/** Undefined when the time of all trials is over. */
function* tryInSlices(
  deps: TrialDeps,
  state: ParsedText,
  edit: TextEdit,
  trials: Trials,
): MendingSteps<ParsedText | undefined> {
  const { clock } = deps;
  const trial = startTrial(deps, state, edit);
  let parsed: ParsedText | undefined;
  try {
    for (;;) {
      const sinceMs = clock.nowMs();
      parsed = trial.run(sinceMs + Math.min(SLICE_MS, trials.leftMs));
      trials.leftMs -= clock.nowMs() - sinceMs;
      if (parsed !== undefined || trials.leftMs <= 0) return parsed;
      yield;
    }
  } finally {
    if (parsed === undefined) trial.abandon();
  }
}

/** What may be wrong, the likeliest first. */
function* problemsOf(deps: TrialDeps, state: ParsedText, nodes: readonly Node[]): Generator<Problem> {
  const { text } = state;
  const { language } = deps.grammar;
  const region = regionOf(state, nodes);
  const literals = literalsIn(deps, state, region);
  for (const quote of openQuotes(text, nodes, literals, language).slice(0, 2))
    yield quoteProblem(text, quote);
  for (const lonely of lonelyIn(deps, state, region, literals).slice(0, 2)) {
    yield bracketProblem(text, lonely, nodes);
  }
  for (const node of nodes.slice(0, 3))
    for (const { offset, tokens } of expectedTokens(state.owned.tree, node, text)) {
      yield {
        offset,
        isInOrder: false,
        // A token is a guess of the grammar: it must make most of the broken stretch understood.
        minimum: NODE_WEIGHT + (node.endIndex - node.startIndex) / 2,
        edits: tokens.map((newText) => ({ start: offset, end: offset, newText })),
        describe: describeToken,
      };
    }
}

function quoteProblem(text: Text, quote: OpenQuote): Problem {
  return {
    offset: quote.offset,
    minimum: 1,
    isInOrder: true,
    edits: quotePlaces(text, quote).map((at) => ({ start: at, end: at, newText: quote.quote })),
    describe: (seen, edit, back) => describeQuote(seen, { ...quote, offset: back(quote.offset) }, edit),
  };
}

function bracketProblem(text: Text, lonely: LonelyBracket, nodes: readonly Node[]): Problem {
  const edits =
    lonely.kind === "unopened"
      ? [{ start: lonely.offset, end: lonely.offset + 1, newText: "" }]
      : closingPlaces(text, lonely, nodes).map(({ at, newText }) => ({ start: at, end: at, newText }));
  return {
    offset: lonely.offset,
    minimum: 1,
    isInOrder: true,
    edits,
    describe: (seen, edit, back) => describeBracket(seen, moveBracket(lonely, back), edit),
  };
}

function lonelyIn(
  deps: TrialDeps,
  state: ParsedText,
  region: Span,
  literals: readonly Span[],
): readonly LonelyBracket[] {
  return lonelyBrackets(state.text.content, region, literals, deps.grammar.language.brackets);
}

/** A bracket that no trial could mend in time, but that explains every error from it on. */
function firstUnmended(
  deps: TrialDeps,
  state: ParsedText,
  nodes: readonly Node[],
  isOldNews: (offset: Offset) => boolean,
): LonelyBracket | undefined {
  const region = regionOf(state, nodes);
  return lonelyIn(deps, state, region, literalsIn(deps, state, region)).find(
    ({ offset }) => !isOldNews(offset) && nodes.some((node) => node.endIndex >= offset),
  );
}

/** The top-level parts of the text that have errors, as one span. */
function regionOf({ owned, text }: ParsedText, nodes: readonly Node[]): Span {
  const { rootNode } = owned.tree;
  const whole = { start: 0, end: text.content.length };
  const first = nodes[0]?.startIndex ?? 0;
  if (rootNode.isError) return whole.end > MAX_SCANNED ? { start: first, end: first } : whole;
  const broken = rootNode.children.filter((child) => child.hasError || child.isMissing);
  const start = broken[0]?.startIndex ?? first;
  const end = Math.max(broken.at(-1)?.endIndex ?? first, nodes.at(-1)?.endIndex ?? first);
  return end - start > MAX_SCANNED ? { start, end: start } : { start, end };
}

function literalsIn(deps: TrialDeps, { owned }: ParsedText, region: Span): readonly Span[] {
  const query = deps.grammar.query("places");
  if (query === undefined || region.start === region.end) return [];
  const spans: Span[] = [];
  for (const { captures } of runQuery(query, owned.tree, region))
    for (const { name, start, end } of captures) if (name !== "code") spans.push({ start, end });
  const apart: Span[] = [];
  for (const span of spans.sort((a, b) => a.start - b.start || b.end - a.end))
    if (span.start >= (apart.at(-1)?.end ?? 0)) apart.push(span);
  return apart;
}

/** What is left of a line after its unclosed bracket or string was named is no news. */
function inOrder(text: Text, findings: readonly SyntaxFinding[]): readonly SyntaxFinding[] {
  const named = new Set<number>();
  const news = findings.filter(({ code, span }) => {
    const line = lineAt(text, span.start);
    const isNews = !named.has(line) || code.startsWith("unclosed");
    named.add(line);
    return isNews;
  });
  return news.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}
