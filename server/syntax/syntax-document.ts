// The syntax of one open text: parsed in the edit's own turn where that is quick, in slices off the turn where it is not.
import type { BugRecorder } from "../kernel/index.ts";
import type { Clock } from "../platform/index.ts";
import type { Text, TextEdit } from "../text/index.ts";
import type { BackgroundLane } from "./background-lane.ts";
import { runQuery } from "./captures.ts";
import type { Grammar } from "./grammar-store.ts";
import type { Language } from "./languages.ts";
import { BURST_MS, EDIT_BUDGET_MS, MAX_PENDING_EDITS } from "./limits.ts";
import { createMatchStore } from "./match-store.ts";
import { createParseJob } from "./parse-job.ts";
import type { FinishedParse, ParseJob } from "./parse-job.ts";
import type { Problem } from "./second-opinion.ts";
import { CHECKED_EDITS, createSelfCheck } from "./self-check.ts";
import { createSnapshot } from "./snapshot.ts";
import type { OwnedSnapshot } from "./snapshot.ts";
import type { SyntaxDocument, SyntaxSnapshot } from "./syntax-service.ts";
import { sizeOf } from "./text-size.ts";
import { editTree } from "./tree-edits.ts";
import { createPriming } from "./warm-up.ts";
import type { OwnedTree, WasmEngine } from "./wasm-engine.ts";

interface DocumentDeps {
  readonly engine: WasmEngine;
  readonly clock: Clock;
  readonly bugs: BugRecorder;
  readonly lane: BackgroundLane;
  /** Called after a text was parsed off the turn: the moment to warm up its grammar. */
  readonly onParsed: (grammar: Grammar, snapshot: SyntaxSnapshot) => void;
  readonly onDispose: () => void;
  /** What the language's own parser says; undefined when there is no answer. */
  readonly askSecondParser: (
    subject: object,
    grammar: Grammar,
    content: string,
  ) => Promise<readonly Problem[] | undefined>;
}

export interface OwnedDocument extends SyntaxDocument {
  current(): OwnedSnapshot | undefined;
  /** As `whenParsed`, and the queries have been asked in slices too: `facts()` is a matter of milliseconds then. */
  whenPrimed(signal: AbortSignal): Promise<void>;
}

/** `grammar` resolves with undefined when the language has none that works. */
export function createSyntaxDocument(
  deps: DocumentDeps,
  language: Language | undefined,
  grammarPromise: Promise<Grammar | undefined>,
  loadedGrammar: Grammar | undefined,
  firstText: Text,
): OwnedDocument {
  let grammar = loadedGrammar;
  let isHopeless = language === undefined;
  let isDisposed = false;
  let newest = firstText;
  let size = sizeOf(firstText);
  /** Snapshots whose trees live, newest first: of the newest text, or of the two before it. */
  let snapshots: { readonly snapshot: OwnedSnapshot; replaced: number }[] = [];
  let base: { readonly text: Text; readonly owned: OwnedTree } | undefined;
  /** From the text of the running job, or else of `base`, to the newest one. */
  let pendingEdits: TextEdit[] = [];
  let job: ParseJob | undefined;
  const store = createMatchStore(firstText.content.length);
  let leaveLane: (() => void) | undefined;
  let cancelParse: (() => void) | undefined;
  let editsSinceCheck = 0;
  let hadError = false;
  let waiting: (() => void)[] = [];
  /** The last snapshot whose queries were asked in the background. */
  let primed: SyntaxSnapshot | undefined;

  const settle = (): void => {
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  };

  /** The snapshot of the newest text if it is there; `current` makes it when it can be had at once. */
  const parsedNewest = (): OwnedSnapshot | undefined => {
    const first = snapshots[0];
    return first?.snapshot.text === newest ? first.snapshot : undefined;
  };

  const dropBase = (): void => {
    base?.owned.release();
    base = undefined;
    pendingEdits = [];
  };

  const abandonJob = (): void => {
    job?.abandon();
    job = undefined;
  };

  const startJob = (usable: Grammar): ParseJob => {
    const edits = pendingEdits;
    pendingEdits = [];
    // Edits that came before the first tree are in the text already.
    if (base === undefined) return createParseJob({ ...deps, grammar: usable, text: newest, base });
    const edited = deps.engine.own(base.owned.tree.copy());
    editTree(edited.tree, base.text, newest, edits);
    return createParseJob({ ...deps, grammar: usable, text: newest, base: { edited, edits } });
  };

  const accept = (usable: Grammar, { owned, text, changed, edits }: FinishedParse): void => {
    base?.owned.release();
    base = { text, owned: deps.engine.own(owned.tree.copy()) };
    if (changed === undefined || usable.manifest.isAmbiguous) store.reset(text.content.length);
    else store.advance(edits, changed);
    if (text !== newest) {
      owned.release();
      return;
    }
    snapshots.unshift({
      snapshot: createSnapshot({
        ...deps,
        grammar: usable,
        text,
        owned,
        matches: (name, query) =>
          text === newest ? store.matches(name, query, owned.tree) : runQuery(query, owned.tree),
      }),
      replaced: 0,
    });
    settle();
  };

  const parseInSlices = (): void => {
    if (leaveLane !== undefined) return;
    leaveLane = deps.lane.add((deadlineMs) => {
      if (grammar === undefined || isDisposed || parsedNewest() !== undefined || size.isTooLong) {
        leaveLane = undefined;
        return true;
      }
      job ??= startJob(grammar);
      const finished = job.run(deadlineMs);
      if (finished === undefined) return false;
      job = undefined;
      accept(grammar, finished);
      const parsed = parsedNewest();
      if (parsed === undefined) return false;
      leaveLane = undefined;
      if (finished.changed !== undefined) checkNowAndThen(grammar);
      const slice = createPriming(store, grammar, parsed, deps.clock, () => parsedNewest() === parsed);
      deps.lane.add((sliceEndMs) => {
        const hasEnded = slice(sliceEndMs);
        if (hasEnded && parsedNewest() === parsed) {
          primed = parsed;
          settle();
        }
        return hasEnded;
      }, "normal");
      deps.onParsed(grammar, parsed);
      return true;
    }, "normal");
  };

  const checkNowAndThen = (usable: Grammar): void => {
    const checked = parsedNewest();
    if (checked === undefined) return;
    // A node that was parsed beside an error may be kept as it was where the grammar is ambiguous (C++: a name or a type).
    const isMended = hadError && !checked.owned.tree.rootNode.hasError;
    hadError = checked.owned.tree.rootNode.hasError;
    if (editsSinceCheck < CHECKED_EDITS && !isMended) return;
    editsSinceCheck = 0;
    const check = createSelfCheck(
      { ...deps, grammar: usable },
      checked,
      () => parsedNewest() === checked,
      (fresh, isClean) => {
        if (isClean)
          deps.bugs.report(
            "syntax-edited-tree-differs",
            new Error(`an edited ${usable.language.name} tree differed from a fresh parse of the same text`),
          );
        accept(usable, fresh);
      },
    );
    deps.lane.add(check, "idle");
  };

  const parseNow = (usable: Grammar): void => {
    const attempt = startJob(usable);
    const finished = attempt.run(deps.clock.nowMs() + EDIT_BUDGET_MS);
    if (finished !== undefined) {
      accept(usable, finished);
      checkNowAndThen(usable);
      return;
    }
    job = attempt;
    parseInSlices();
  };

  const ageSnapshots = (): void => {
    for (const entry of snapshots) entry.replaced += 1;
    for (const entry of snapshots) if (entry.replaced >= 2) entry.snapshot.owned.release();
    snapshots = snapshots.filter((entry) => entry.replaced < 2);
  };

  const update = (text: Text, edits: readonly TextEdit[]): void => {
    const isAnotherText = !leadsTo(newest, text, edits);
    ageSnapshots();
    newest = text;
    size = sizeOf(text);
    if (size.isTooLong || isAnotherText) {
      abandonJob();
      dropBase();
    } else {
      editsSinceCheck += edits.length;
      pendingEdits.push(...edits);
    }
    if (size.isTooLong) return settle();
    if (grammar === undefined) return;
    // A running job is not thrown away: its tree, once there, makes the newest text's parse short.
    if (job !== undefined || base === undefined || size.hasLongLine) parseInSlices();
    else if (pendingEdits.length >= MAX_PENDING_EDITS) parseNow(grammar);
    else parseSoon();
  };

  /** Edits that come in a burst share one parse: it happens when somebody reads the tree, or shortly after. */
  const parseSoon = (): void => {
    cancelParse ??= deps.clock.schedule(BURST_MS, () => {
      cancelParse = undefined;
      current();
    });
  };

  /** The tree no longer fits the text: it is thrown away and the text parsed afresh. */
  const startAfresh = (error: unknown): void => {
    deps.bugs.report("syntax-update", error);
    abandonJob();
    dropBase();
    parseInSlices();
  };

  const current = (): OwnedSnapshot | undefined => {
    const parsed = parsedNewest();
    if (parsed !== undefined || isDisposed || grammar === undefined || base === undefined) return parsed;
    const isOffTurn = job !== undefined || leaveLane !== undefined || size.isTooLong || size.hasLongLine;
    if (isOffTurn) return undefined;
    try {
      parseNow(grammar);
    } catch (error) {
      startAfresh(error);
    }
    return parsedNewest();
  };

  void grammarPromise.then((loaded) => {
    grammar = loaded;
    isHopeless = loaded === undefined;
    if (isDisposed || isHopeless) return settle();
    parseInSlices();
  });
  if (grammar !== undefined && !size.isTooLong) parseInSlices();

  /** Resolves when `isReached`, or when that will not happen any more. */
  const waitFor = (signal: AbortSignal, isReached: () => boolean): Promise<void> => {
    const isOver = (): boolean => isReached() || isHopeless || isDisposed || size.isTooLong || signal.aborted;
    if (isOver()) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        if (!isOver()) {
          waiting.push(wake);
          return;
        }
        signal.removeEventListener("abort", wake);
        resolve();
      };
      waiting.push(wake);
      signal.addEventListener("abort", wake, { once: true });
    });
  };

  /** Trying out repairs takes up to 60 ms: a key that comes meanwhile waits for one slice at most. */
  const mendInSlices = async (snapshot: OwnedSnapshot, signal: AbortSignal): Promise<void> => {
    if (snapshot.errorCount() === 0) return;
    let hasEnded = false;
    const leave = deps.lane.add((deadlineMs) => {
      // Also when this throws: whoever asks for the findings hears of it then.
      hasEnded = true;
      try {
        hasEnded = parsedNewest() !== snapshot || snapshot.mend(deadlineMs);
      } finally {
        if (hasEnded) settle();
      }
      return hasEnded;
    }, "normal");
    await waitFor(signal, () => hasEnded);
    leave();
    snapshot.stopMending();
  };

  const document: OwnedDocument = {
    language,
    update(text, edits) {
      if (isDisposed) return;
      try {
        update(text, edits);
      } catch (error) {
        newest = text;
        startAfresh(error);
      }
    },
    current,
    async whenParsed(signal) {
      await waitFor(signal, () => current() !== undefined);
      return signal.aborted ? undefined : current();
    },
    whenPrimed: (signal) => waitFor(signal, () => primed !== undefined && primed === current()),
    async whenJudged(signal) {
      for (;;) {
        await document.whenParsed(signal);
        const snapshot = current();
        if (snapshot === undefined || signal.aborted) return undefined;
        if (grammar !== undefined && snapshot.needsOpinion()) {
          const problems = await deps.askSecondParser(document, grammar, snapshot.text.content);
          // An answer for a text that was replaced meanwhile is of no use, and its absence says nothing.
          if (snapshot === current()) snapshot.judge(problems);
          continue;
        }
        await mendInSlices(snapshot, signal);
        if (snapshot === current()) return signal.aborted ? undefined : snapshot;
      }
    },
    dispose() {
      if (isDisposed) return;
      isDisposed = true;
      leaveLane?.();
      cancelParse?.();
      abandonJob();
      dropBase();
      for (const { snapshot } of snapshots) snapshot.owned.release();
      snapshots = [];
      settle();
      deps.onDispose();
    },
  };
  return document;
}

/** More edits than this in one change are a rewrite: parsing afresh costs less than telling the tree about each. */
const MAX_EDITS = 200;

/** Whether a tree of `before` is worth editing: the edits must account for the new length and keep some of the text. */
function leadsTo(before: Text, after: Text, edits: readonly TextEdit[]): boolean {
  if (edits.length > MAX_EDITS) return false;
  let { length } = before.content;
  for (const { start, end, newText } of edits) {
    if (start < 0 || start > end || end > length || (start === 0 && end === length)) return false;
    length += newText.length - (end - start);
  }
  return length === after.content.length;
}
