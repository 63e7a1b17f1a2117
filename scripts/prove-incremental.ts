// Proves that editing a tree gives what parsing afresh gives: random edits on the languages' samples, trees and facts compared
// after each. Run it with `npm run prove:incremental -- [edits per language] [language …]`; a shorter run is part of the tests.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { createBugRecorder, createHistogram } from "../server/kernel/index.ts";
import type { HistogramSummary } from "../server/kernel/index.ts";
import { createInstalledFiles, resolvePaths, silentLog, systemClock } from "../server/platform/index.ts";
import { createBackgroundLane } from "../server/syntax/background-lane.ts";
import { runQuery } from "../server/syntax/captures.ts";
import { createGrammarStore } from "../server/syntax/grammar-store.ts";
import type { Grammar } from "../server/syntax/grammar-store.ts";
import { SLICE_MS } from "../server/syntax/limits.ts";
import { readCatalogue } from "../server/syntax/registry.ts";
import { firstDifference } from "../server/syntax/same-tree.ts";
import { createSnapshot } from "../server/syntax/snapshot.ts";
import type { OwnedSnapshot } from "../server/syntax/snapshot.ts";
import { createSyntaxDocument } from "../server/syntax/syntax-document.ts";
import type { OwnedDocument } from "../server/syntax/syntax-document.ts";
import { createWasmEngine } from "../server/syntax/wasm-engine.ts";
import { applyEdit, applyEdits, createText } from "../server/text/index.ts";
import type { Text, TextEdit } from "../server/text/index.ts";

/** One step of a script, in shares of the text's length so that it fits any text. */
export interface Step {
  readonly kind: "insert" | "delete" | "copy" | "type" | "undo";
  readonly at: number;
  readonly from: number;
  readonly length: number;
  readonly token: string;
}

/** What breaks lexers and bracket matching, and what line counting gets wrong. */
const tokens = [
  "(",
  ")",
  "{",
  "}",
  "[",
  "]",
  '"',
  "'",
  "`",
  "\n",
  ";",
  ",",
  ".",
  "=",
  ":",
  "<",
  ">",
  "#",
  "*",
  "\\",
  "0",
  "x",
  "@",
  "$",
  "  ",
  "\n\n    ",
  "//",
  "/*",
  "*/",
  '"""',
  "\r",
  "\r\n",
  "é",
  "😀",
  "\u2028",
  " foo",
  "foo(1)",
  "if ",
  "else ",
  "end\n",
  "class A",
];

export const stepArbitrary: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom<Step["kind"]>("insert", "delete", "copy", "type", "undo", "undo", "undo", "undo"),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  from: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 1, max: 40 }),
  token: fc.constantFrom(...tokens),
});

export interface Proof {
  readonly languageId: string;
  edits: number;
  /** Steps after which the text had no syntax error. */
  clean: number;
  /** Trees that differ although neither has an error: none may be left. */
  differences: string[];
  /** Trees that differed at first, in an ambiguous place beside an error that was mended, and were healed in the idle turns after. */
  healed: number;
  /** Trees with errors that differ: the parser's error recovery may choose differently; the room heals them in the background. */
  differencesInErrors: number;
  /** Same tree, other facts: none may be left. */
  factDifferences: string[];
  readonly latency: { summary(): HistogramSummary };
}

export interface Prover {
  readonly languageIds: readonly string[];
  /** `valid` leaves out the broken ones and the modern ones, which some grammars reject. */
  samplesOf(languageId: string, which: "all" | "valid"): readonly string[];
  /** Plays `steps` on `sample` and adds what came out to `proof`. */
  play(proof: Proof, sample: string, steps: readonly Step[]): Promise<void>;
  begin(languageId: string): Proof;
  /** Edit-to-tree times on a file of `lines` lines made of the samples. */
  time(languageId: string, lines: number, edits: number): Promise<HistogramSummary>;
  dispose(): void;
}

export async function createProver(): Promise<Prover> {
  const grammarsFolder = join(resolvePaths({ HEARTH_HOME: "unused" }).packageRoot, "grammars");
  const files = createInstalledFiles();
  const clock = systemClock;
  const log = silentLog;
  const bugs = createBugRecorder((record) => {
    if (record.key !== "syntax-edited-tree-differs") throw new Error(`${record.key}: ${record.message}`);
  });
  const catalogue = await readCatalogue({ files, grammarsFolder, log });
  const engine = createWasmEngine(log);
  const store = createGrammarStore({ catalogue, files, engine, clock, log });
  const lane = createBackgroundLane({ clock, bugs, sliceMs: SLICE_MS });

  const grammarOf = async (languageId: string): Promise<Grammar> => {
    const language = catalogue.languages.byId(languageId);
    const grammar = language === undefined ? undefined : await store.load(language);
    if (grammar === undefined)
      throw new Error(`no grammar for ${languageId}: ${JSON.stringify(store.failures())}`);
    return grammar;
  };
  const open = (grammar: Grammar, text: Text): OwnedDocument =>
    createSyntaxDocument(
      {
        engine,
        clock,
        bugs,
        lane,
        onParsed: () => undefined,
        onDispose: () => undefined,
        askSecondParser: () => Promise.resolve(undefined),
      },
      grammar.language,
      Promise.resolve(grammar),
      grammar,
      text,
    );
  const parsed = async (document: OwnedDocument): Promise<OwnedSnapshot> => {
    await document.whenParsed(AbortSignal.timeout(60_000));
    const snapshot = document.current();
    if (snapshot === undefined) throw new Error("the text was not parsed within a minute");
    return snapshot;
  };
  const parseAfresh = (grammar: Grammar, text: Text): OwnedSnapshot => {
    const parser = grammar.borrowParser();
    const tree = parser.parse(text.content);
    grammar.returnParser(parser);
    if (tree === null) throw new Error("the fresh parse gave no tree");
    const owned = engine.own(tree);
    return createSnapshot({
      grammar,
      text,
      owned,
      engine,
      clock,
      matches: (_name, query) => runQuery(query, tree),
    });
  };
  const samplesOf = (languageId: string, which: "all" | "valid"): readonly string[] => {
    const folder = join(grammarsFolder, languageId, "samples");
    return readdirSync(folder)
      .filter((name) => !name.endsWith(".facts") && (which === "all" || !/^(broken|modern)/.test(name)))
      .map((name) => readFileSync(join(folder, name), "utf8"));
  };
  const answers = (snapshot: OwnedSnapshot): string =>
    JSON.stringify([snapshot.facts(), snapshot.folds(), snapshot.outline()]);

  return {
    languageIds: catalogue.languages.all.map(({ id }) => id),
    samplesOf,
    begin: (languageId) => ({
      languageId,
      edits: 0,
      clean: 0,
      differences: [],
      healed: 0,
      differencesInErrors: 0,
      factDifferences: [],
      latency: createHistogram(),
    }),
    async play(proof, sample, steps) {
      const grammar = await grammarOf(proof.languageId);
      let text = createText(sample);
      const document = open(grammar, text);
      await parsed(document);
      const history: Text[] = [];
      for (const step of steps) {
        const edits = editsOf(step, text, step.kind === "undo" ? history.pop() : undefined);
        if (step.kind !== "undo") history.push(text);
        text = applyEdits(text, edits);
        document.update(text, edits);
        let snapshot = await parsed(document);
        const fresh = parseAfresh(grammar, text);
        try {
          proof.edits += 1;
          const isWrong = firstDifference(snapshot.owned.tree, fresh.owned.tree) !== undefined;
          if (isWrong && !snapshot.owned.tree.rootNode.hasError) {
            // The room holds a tree that came out of an error against a fresh parse as soon as it is idle.
            for (let turn = 0; turn < HEALING_TURNS && document.current() === snapshot; turn += 1)
              await clock.yieldTurn();
            proof.healed += document.current() === snapshot ? 0 : 1;
            snapshot = await parsed(document);
          }
          const hasError = fresh.owned.tree.rootNode.hasError || snapshot.owned.tree.rootNode.hasError;
          if (!hasError) proof.clean += 1;
          const difference = firstDifference(snapshot.owned.tree, fresh.owned.tree);
          const where = (): string =>
            `${JSON.stringify(edits)} near ${JSON.stringify(text.content.slice(Math.max(0, (edits[0]?.start ?? 0) - 60), (edits[0]?.start ?? 0) + 60))}`;
          if (difference !== undefined && hasError) proof.differencesInErrors += 1;
          else if (difference !== undefined) proof.differences.push(where());
          else if (answers(snapshot) !== answers(fresh)) proof.factDifferences.push(where());
        } finally {
          fresh.owned.release();
        }
      }
      document.dispose();
    },
    async time(languageId, lines, edits) {
      const grammar = await grammarOf(languageId);
      const sampleLines = samplesOf(languageId, "valid").join("\n").split("\n");
      const repeated = Array.from(
        { length: lines },
        (_, line) => sampleLines[line % sampleLines.length] ?? "",
      );
      let text = createText(repeated.join("\n"));
      const document = open(grammar, text);
      await parsed(document);
      const histogram = createHistogram();
      for (let count = 0; count < edits; count += 1) {
        // A letter is typed at the start of a line, then taken back.
        const line = Math.floor(count / 2) * 7919;
        const start = text.lineStarts[line % text.lineStarts.length] ?? 0;
        const edit =
          count % 2 === 0 ? { start, end: start, newText: "a" } : { start, end: start + 1, newText: "" };
        text = applyEdit(text, edit);
        const startedMs = clock.nowMs();
        document.update(text, [edit]);
        await parsed(document);
        histogram.record(clock.nowMs() - startedMs);
      }
      document.dispose();
      return histogram.summary();
    },
    dispose() {
      lane.dispose();
      store.dispose();
    },
  };
}

function editsOf(step: Step, text: Text, before: Text | undefined): readonly TextEdit[] {
  const { length } = text.content;
  const at = Math.round(step.at * length);
  switch (step.kind) {
    case "insert":
      return [{ start: at, end: at, newText: step.token }];
    case "delete":
      return [{ start: at, end: Math.min(length, at + step.length), newText: "" }];
    case "copy": {
      const from = Math.round(step.from * length);
      const newText = text.content.slice(from, from + step.length);
      return [{ start: at, end: Math.min(length, at + (step.length % 5)), newText }];
    }
    case "type":
      return step.token.split("").map((newText, index) => ({ start: at + index, end: at + index, newText }));
    case "undo":
      return before === undefined ? [] : undoing(text.content, before.content);
  }
}

/** One edit that leads from `now` to `before`, as small as a common start and end allow. */
function undoing(now: string, before: string): readonly TextEdit[] {
  let start = 0;
  while (start < now.length && start < before.length && now[start] === before[start]) start += 1;
  let tail = 0;
  const most = Math.min(now.length, before.length) - start;
  while (tail < most && now[now.length - 1 - tail] === before[before.length - 1 - tail]) tail += 1;
  return [{ start, end: now.length - tail, newText: before.slice(start, before.length - tail) }];
}

const HEALING_TURNS = 500;
const STEPS_PER_SCRIPT = 40;

async function main(): Promise<void> {
  const [editsText, ...chosen] = process.argv.slice(2);
  const wanted = Number(editsText ?? "10000");
  const prover = await createProver();
  let failed = false;
  for (const languageId of chosen.length > 0 ? chosen : prover.languageIds) {
    const valid = prover.samplesOf(languageId, "valid");
    const samples = [...valid, ...valid, ...prover.samplesOf(languageId, "all")];
    if (samples.length === 0) continue;
    const proof = prover.begin(languageId);
    for (let seed = 1; proof.edits < wanted; seed += 1) {
      const steps = fc.sample(stepArbitrary, { seed, numRuns: STEPS_PER_SCRIPT });
      await prover.play(proof, samples[seed % samples.length] ?? "", steps);
    }
    const times = await prover.time(languageId, 5_000, 200);
    failed ||= proof.differences.length > 0 || proof.factDifferences.length > 0;
    console.log(
      `${languageId}: ${proof.edits} edits, ${proof.clean} error-free, ${proof.differences.length} trees differ, ` +
        `${proof.factDifferences.length} facts differ, ${proof.healed} healed when idle, ${proof.differencesInErrors} differ inside errors; ` +
        `5,000 lines: edit to tree p50 ${times.p50Ms.toFixed(1)} ms, p95 ${times.p95Ms.toFixed(1)} ms`,
    );
    for (const difference of [...proof.differences, ...proof.factDifferences].slice(0, 3))
      console.log(`  ${difference}`);
  }
  prover.dispose();
  process.exitCode = failed ? 1 : 0;
}

if (process.argv[1]?.endsWith("prove-incremental.js") === true) await main();
