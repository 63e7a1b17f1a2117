// Verdicts of the completion benchmark: what was not measured is never called good, and figures decide the rest.
import { expect, it } from "vitest";
import { drawBars } from "../../scripts/report/charts.ts";
import { insertLineAbove, moveDown, nextLineToType } from "../../scripts/bench/completion/places.ts";
import { protocolTokens } from "../../scripts/bench/completion/figures.ts";
import { emptyReport, hearthName } from "../../scripts/bench/completion/report-types.ts";
import type { CompletionReport } from "../../scripts/bench/completion/report-types.ts";
import { renderPage } from "../../scripts/bench/completion/show.ts";
import { judge } from "../../scripts/bench/completion/verdicts.ts";
import type { Sample } from "../../scripts/bench/completion/trace.ts";
import type { ProtocolKey } from "../../scripts/bench/completion/protocol-typing.ts";

const empty = emptyReport({
  startedAt: "2026-01-01T00:00:00.000Z",
  form: "quick",
  machine: { cores: 2, cpu: "a <processor>", memoryGiB: 8, node: "v20", loadBefore: 0 },
  model: "a model",
  threads: 2,
});

const typed = (ms: number, evaluated: number): Sample => ({
  phase: "typing",
  ms,
  reply: { evaluated, reused: 400, generated: 24, firstTokenMs: ms / 10 },
  foreignCores: 0.01,
});

function traced(contestant: string, samples: readonly Sample[]): CompletionReport["traces"][number] {
  return { contestant, file: "Encoder.ts", samples, open: undefined };
}

const floor = {
  file: "Encoder.ts",
  threads: 2,
  depth: 401,
  prefillMs: 1000,
  answerMs: [290, 300, 310],
  foreignCores: 0,
};

function outcomesOf(report: CompletionReport, words: string): readonly string[] {
  return judge(report)
    .filter(({ subject }) => subject.includes(words) && subject.includes("Encoder.ts"))
    .map(({ outcome }) => outcome);
}

it("an empty run has measured nothing", () => {
  expect(new Set(judge(empty).map(({ outcome }) => outcome))).toEqual(new Set(["not measured"]));
});

it("the floor and the peer decide, by the keys that needed the model", () => {
  const remembered = typed(1, 0);
  const run = (ms: number, evaluated: number): CompletionReport => ({
    ...empty,
    floors: [floor],
    traces: [
      traced(hearthName, [remembered, typed(ms, evaluated), typed(ms, evaluated)]),
      traced("llama-server /infill", [typed(1300, 254)]),
    ],
  });
  expect(outcomesOf(run(320, 1), "against the floor")).toEqual(["holds"]);
  expect(outcomesOf(run(340, 1), "against the floor")).toEqual(["falls short"]);
  expect(outcomesOf(run(320, 1), "share of llama-server")).toEqual(["holds"]);
  expect(outcomesOf(run(330, 1), "share of llama-server")).toEqual(["falls short"]);
  expect(outcomesOf(run(320, 2), "typed character, Encoder.ts: prompt tokens")).toEqual(["holds"]);
  expect(outcomesOf(run(320, 3), "typed character, Encoder.ts: prompt tokens")).toEqual(["falls short"]);
});

const key = (evaluated: number, modelRequests: number): ProtocolKey => ({
  firstItemMs: 1,
  modelItemMs: undefined,
  modelAnswerMs: 1,
  isRight: false,
  evaluated,
  reused: 0,
  generated: 1,
  modelRequests,
  foreignCores: 0,
});

it("what remembered keys left undone is shared with the request that caught it up", () => {
  const typedFile = {
    file: "a",
    language: "b",
    coldMs: 0,
    keys: [key(0, 0), key(0, 0), key(6, 1), key(1, 1), key(0, 0)],
  };
  expect(protocolTokens({ ...empty, typed: [typedFile] })).toEqual([2, 2, 2, 1]);
});

it("a page of any run is a page", () => {
  expect(renderPage(empty)).toContain("a &lt;processor&gt;");
  const page = renderPage({ ...empty, floors: [floor], traces: [traced(hearthName, [typed(300, 1)])] });
  expect(page).toContain(drawBars({ title: "x", unit: "ms", bars: [] }).slice(0, 4));
  expect(page).toContain("floor at hearth&#39;s depth");
});

it("a line put in above is where it was said, and the cursor's line stays", () => {
  const text = Array.from({ length: 40 }, (_, index) => `  line ${index}`).join("\n");
  const { text: inserted, at } = insertLineAbove(text, 30, "//");
  expect(inserted.slice(at)).toMatch(/^ {2}\/\/ noted\n {2}line 9\n/);
  expect(inserted.split("\n")).toHaveLength(41);
  expect(inserted.endsWith("line 39")).toBe(true);
});

it("moving down keeps the document and stops behind the indentation", () => {
  const { before, after } = moveDown("a\n  b", "c\n    d\n  e", 1);
  expect([before, after]).toEqual(["a\n  bc\n    ", "d\n  e"]);
  expect(moveDown("a", "b", 40)).toEqual({ before: "a", after: "b" });
});

it("the next line to type is taken out, and the line before it is back", () => {
  const file = { before: "a\n  ", typed: "first line", after: "\n  no\n    the second line\nend" };
  expect(nextLineToType(file, 10)).toEqual({
    before: "a\n  first line\n  no\n    ",
    typed: "the second line",
    after: "\nend",
  });
  expect(nextLineToType(file, 100)).toBeUndefined();
});
