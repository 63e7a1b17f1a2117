// Acceptance: what counts as taken, what as kept, and what is written to the disk.
import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { createAcceptance } from "../../server/features/index.ts";
import type { AcceptanceFeature, AcceptanceRow } from "../../server/features/index.ts";
import { moveOffset, shareLeft, shiftOf, shrinkEdit } from "../../server/features/acceptance/moved.ts";
import { createManualClock, createMemoryFolderFiles, silentLog } from "../../server/platform/index.ts";
import type { FolderFiles, Log, ManualClock } from "../../server/platform/index.ts";
import { applyEdits, createText } from "../../server/text/index.ts";
import type { TextEdit } from "../../server/text/index.ts";
import type { DocumentSnapshot } from "../../server/workspace/index.ts";
import { useWorkbench } from "./workbench.ts";

/** Longer than a preview in a menu stays, shorter than the time after which a text counts as kept. */
const SETTLED_MS = 2000;
const KEPT_MS = 30_000;

const workbench = useWorkbench();

interface Bench {
  readonly acceptance: AcceptanceFeature;
  readonly clock: ManualClock;
  readonly files: FolderFiles;
  readonly snapshot: () => DocumentSnapshot;
  /** Offers `newText` for `start..cursor`. */
  offer(newText: string, kind?: "line" | "block" | "inline", start?: number): number;
  offerNames(...names: readonly string[]): void;
  type(text: string): void;
  edit(edit: TextEdit): void;
  readonly cursor: () => number;
  row(kind: AcceptanceRow["kind"]): Partial<AcceptanceRow> | undefined;
}

async function openBench(fixture: string, files: FolderFiles = createMemoryFolderFiles()): Promise<Bench> {
  const clock = createManualClock();
  const acceptance = createAcceptance({ files, clock, log: silentLog });
  const opened = await workbench.open(fixture);
  const wordStart = (): number =>
    opened.cursor() -
    (/\w*$/.exec(opened.snapshot().text.content.slice(0, opened.cursor()))?.[0].length ?? 0);
  return {
    acceptance,
    clock,
    files,
    snapshot: () => opened.snapshot(),
    cursor: () => opened.cursor(),
    offer: (newText, kind = "line", start = wordStart()) =>
      acceptance.offered(opened.snapshot(), {
        kind,
        edit: { start, end: opened.cursor(), newText },
        model: "m",
      }),
    offerNames: (...names) =>
      acceptance.offeredNames(opened.snapshot(), { start: wordStart(), end: opened.cursor() }, names),
    type(text) {
      const at = opened.cursor();
      opened.type(text);
      acceptance.changed(opened.snapshot(), [{ start: at, end: at, newText: text }]);
    },
    edit(edit) {
      opened.edit(edit);
      acceptance.changed(opened.snapshot(), [edit]);
      const shift = edit.newText.length - (edit.end - edit.start);
      if (edit.end <= opened.cursor()) opened.moveTo(opened.cursor() + shift);
    },
    row: (kind) => acceptance.rows().find((row) => row.kind === kind),
  };
}

const FIXTURE_TEXT = "x = 1\nresult = calc\n";
const FIXTURE = `//- /a.py\n${FIXTURE_TEXT.replace("calc", "calc$$0")}`;

describe("taken", () => {
  test("by an edit that brings the rest of the text", async () => {
    const bench = await openBench(FIXTURE);
    bench.offer("calculate(x)");
    bench.type("ulate(x)");
    bench.clock.advance(SETTLED_MS);
    expect(bench.row("line")).toEqual({
      kind: "line",
      model: "m",
      language: "python",
      shown: 1,
      accepted: 1,
      judged: 0,
      kept: 0,
    });
  });

  test("by an edit that replaces the typed word, the line, or the whole text", async () => {
    for (const how of ["word", "line", "text"] as const) {
      const bench = await openBench(FIXTURE);
      bench.offer("calculate(x)");
      const { content } = bench.snapshot().text;
      const [start, end] =
        how === "word"
          ? [bench.cursor() - 4, bench.cursor()]
          : how === "line"
            ? [content.indexOf("result"), bench.cursor()]
            : [0, content.length];
      const newText = content.slice(start, end).replace("calc", "calculate(x)");
      bench.edit({ start, end, newText });
      bench.clock.advance(SETTLED_MS);
      expect(bench.row("line")?.accepted, how).toBe(1);
    }
  });

  test("not by typing the text letter by letter, also when it is offered at each of them", async () => {
    const bench = await openBench(FIXTURE);
    for (const key of "ulate(x)") {
      bench.offer("calculate(x)", "line", bench.snapshot().text.content.indexOf("calc"));
      bench.type(key);
    }
    bench.clock.advance(SETTLED_MS);
    expect(bench.row("line")).toMatchObject({ shown: 1, accepted: 0 });
  });

  test("not by an entry that was only looked at in the menu", async () => {
    const bench = await openBench(FIXTURE);
    bench.offer("calculate(x)");
    bench.type("ulate(x)");
    bench.clock.advance(300);
    bench.edit({ start: bench.cursor() - 8, end: bench.cursor(), newText: "" });
    bench.clock.advance(SETTLED_MS);
    expect(bench.row("line")).toMatchObject({ shown: 1, accepted: 0 });
  });

  test("by the client's word, which is heard once", async () => {
    const bench = await openBench(FIXTURE);
    const id = bench.offer("calculate(x)");
    bench.type("ulate(x)");
    bench.acceptance.accepted(id);
    bench.acceptance.accepted(id);
    bench.acceptance.accepted(id + 1000);
    bench.clock.advance(SETTLED_MS);
    expect(bench.row("line")).toMatchObject({ accepted: 1 });
  });

  test("not by the client's word for a part of ghost text, but by its word for most of it", async () => {
    const bench = await openBench(FIXTURE);
    const id = bench.offer("calculate(x) + calculate(y)", "inline");
    bench.type("ulate");
    bench.acceptance.accepted(id);
    bench.clock.advance(SETTLED_MS);
    expect(bench.row("inline")).toMatchObject({ shown: 1, accepted: 0 });
    // The edit comes after the command.
    bench.acceptance.accepted(id);
    bench.type("(x) + calcul");
    bench.clock.advance(SETTLED_MS);
    expect(bench.row("inline")).toMatchObject({ shown: 1, accepted: 1 });
  });

  test("the block and not its first line, when the block was inserted", async () => {
    const bench = await openBench(FIXTURE);
    bench.offer("calculate(x)");
    bench.offer("calculate(x)\nprint(result)", "block");
    bench.type("ulate(x)\nprint(result)");
    bench.clock.advance(SETTLED_MS);
    expect(bench.row("block")).toMatchObject({ shown: 1, accepted: 1 });
    expect(bench.row("line")).toMatchObject({ shown: 1, accepted: 0 });
  });

  test("a name, known only when it is taken", async () => {
    const bench = await openBench(FIXTURE);
    bench.offerNames("calculate", "calculator");
    bench.type("ulator");
    bench.clock.advance(SETTLED_MS);
    expect(bench.row("name")).toMatchObject({ model: "", shown: 1, accepted: 1 });
  });

  test("not a name that was looked at, typed, or longer than what the menu had", async () => {
    const bench = await openBench(FIXTURE);
    bench.offerNames("calculate", "calculator");
    bench.type("ulator");
    bench.edit({ start: bench.cursor() - 6, end: bench.cursor(), newText: "" });
    for (const key of "ulat") bench.type(key);
    bench.type("ors");
    bench.clock.advance(SETTLED_MS);
    expect(bench.row("name")).toMatchObject({ shown: 1, accepted: 0 });
  });

  test.each([
    ["a line came above", { start: 0, end: 0, newText: "import os\n" }],
    [
      "the client sent the whole text",
      { start: 0, end: FIXTURE_TEXT.length, newText: `y${FIXTURE_TEXT.slice(1)}` },
    ],
  ])("when the answer is older than the text: %s", async (_, edit) => {
    const bench = await openBench(FIXTURE);
    const old = bench.snapshot();
    bench.edit(edit);
    bench.acceptance.offered(old, {
      kind: "line",
      edit: { start: old.text.content.indexOf("calc"), end: 0, newText: "calculate(x)" },
      model: "m",
    });
    bench.type("ulate(x)");
    bench.clock.advance(SETTLED_MS);
    expect(bench.row("line")).toMatchObject({ accepted: 1 });
  });

  test("a suggestion that is sent again with the next key is shown once", async () => {
    const bench = await openBench(FIXTURE);
    const first = bench.offer("calculate(x)");
    bench.type("u");
    expect(bench.offer("calculate(x)")).toBe(first);
    expect(bench.row("line")).toMatchObject({ shown: 1 });
  });
});

test("a suggestion that was sent in part, then whole, is one", async () => {
  const bench = await openBench(FIXTURE);
  const part = bench.offer("calculate(");
  bench.type("u");
  expect(bench.offer("calculate(x)")).toBe(part);
  bench.type("late(x)");
  bench.clock.advance(SETTLED_MS);
  expect(bench.row("line")).toMatchObject({ shown: 1, accepted: 1 });
});

describe("kept", () => {
  async function accepted(): Promise<Bench> {
    const bench = await openBench(FIXTURE);
    bench.offer("calculate(x)");
    bench.type("ulate(x)");
    bench.clock.advance(SETTLED_MS);
    return bench;
  }

  test("when it is still there after 30 seconds, wherever it moved", async () => {
    const bench = await accepted();
    bench.edit({ start: 0, end: 0, newText: "import os\nimport sys\n" });
    bench.type("\nprint(result)");
    bench.clock.advance(KEPT_MS);
    expect(bench.row("line")).toMatchObject({ judged: 1, kept: 1 });
  });

  test("when a small part was changed, not when most of it was", async () => {
    for (const [newText, kept] of [
      ["y", 1],
      ["", 1],
    ] as const) {
      const bench = await accepted();
      bench.edit({ start: bench.cursor() - 2, end: bench.cursor() - 1, newText });
      bench.clock.advance(KEPT_MS);
      expect(bench.row("line")).toMatchObject({ judged: 1, kept });
    }
    const bench = await accepted();
    bench.edit({ start: bench.cursor() - 10, end: bench.cursor(), newText: "" });
    bench.clock.advance(KEPT_MS);
    expect(bench.row("line")).toMatchObject({ judged: 1, kept: 0 });
  });

  test("is judged by the last text when the document is closed before", async () => {
    const bench = await accepted();
    bench.acceptance.closed(bench.snapshot());
    expect(bench.row("line")).toMatchObject({ judged: 1, kept: 1 });
    bench.clock.advance(KEPT_MS);
    expect(bench.row("line")).toMatchObject({ judged: 1 });
  });

  test("an acceptance right before the end counts", async () => {
    const bench = await openBench(FIXTURE);
    bench.offer("calculate(x)");
    bench.type("ulate(x)");
    bench.acceptance.closed(bench.snapshot());
    expect(bench.row("line")).toMatchObject({ accepted: 1, judged: 1, kept: 1 });
  });
});

describe("on the disk", () => {
  test("are counts and no text", async () => {
    const bench = await openBench(FIXTURE);
    bench.offer("calculate(secret)");
    bench.offerNames("calculate");
    bench.type("ulate(secret)");
    bench.clock.advance(KEPT_MS + SETTLED_MS);
    bench.acceptance.dispose();
    const text = bench.files.read("acceptance.json") ?? "";
    expect(text).not.toMatch(/calc|secret|result|a\.py/);
    const reopened = createAcceptance({ files: bench.files, clock: bench.clock, log: silentLog });
    expect(reopened.rows()).toEqual(bench.acceptance.rows());
    expect(reopened.rows()).toContainEqual({
      kind: "line",
      model: "m",
      language: "python",
      shown: 1,
      accepted: 1,
      judged: 1,
      kept: 1,
    });
  });

  test("two daemons add to one file", async () => {
    const files = createMemoryFolderFiles();
    const one = await openBench(FIXTURE, files);
    const two = await openBench(FIXTURE, files);
    one.offer("calculate(x)");
    two.offer("calculate(x)");
    one.clock.advance(10_000);
    two.clock.advance(10_000);
    const third = createAcceptance({ files, clock: one.clock, log: silentLog });
    expect(third.rows()).toMatchObject([{ shown: 2 }]);
  });

  test("a file that is no such file starts anew, with a line in the log", async () => {
    for (const spoilt of ["", "{", "[]", '{"format":1,"rows":[{"kind":"line"}]}', '{"format":9,"rows":[]}']) {
      const warnings: string[] = [];
      const log: Log = {
        ...silentLog,
        warn: (_fields, message) => void warnings.push(message),
        child: () => log,
      };
      const files = createMemoryFolderFiles({ "acceptance.json": spoilt });
      const acceptance = createAcceptance({ files, clock: createManualClock(), log });
      expect(acceptance.rows(), spoilt).toEqual([]);
      expect(warnings, spoilt).toHaveLength(1);
    }
  });

  test("models and languages without end fill no disk", async () => {
    const bench = await openBench(FIXTURE);
    for (let model = 0; model < 1000; model += 1) {
      bench.acceptance.offered(bench.snapshot(), {
        kind: "line",
        edit: { start: 0, end: 0, newText: `x${model}` },
        model: `model ${model}`,
      });
    }
    bench.acceptance.dispose();
    const rows = bench.acceptance.rows();
    expect(rows.length).toBeLessThanOrEqual(204);
    expect(rows.reduce((sum, row) => sum + row.shown, 0)).toBe(1000);
  });

  test("a disk that refuses costs nothing but the counts", async () => {
    const files: FolderFiles = { ...createMemoryFolderFiles(), write: () => false };
    const bench = await openBench(FIXTURE, files);
    bench.offer("calculate(x)");
    bench.clock.advance(10_000);
    expect(bench.row("line")).toMatchObject({ shown: 1 });
  });
});

describe("offsets", () => {
  const edits = fc.record({
    at: fc.nat(60),
    removed: fc.nat(10),
    newText: fc.string({ maxLength: 8 }),
  });

  test("a text that no edit touches is found where it moved to", () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 40 }),
        fc.string({ maxLength: 40 }),
        fc.array(edits),
        (left, right, changes) => {
          const mark = "\u{e000}MARK\u{e001}";
          let text = createText(left + mark + right);
          let start = left.length;
          let end = start + mark.length;
          for (const { at, removed, newText } of changes) {
            const edit = {
              start: Math.min(at, text.content.length),
              end: Math.min(at + removed, text.content.length),
              newText,
            };
            if (edit.start < end && edit.end > start) continue;
            const real = shrinkEdit(text.content, edit);
            start = moveOffset(start, shiftOf(real));
            end = moveOffset(end, shiftOf(real));
            text = applyEdits(text, [edit]);
            // Text that is inserted at the start comes after the offset: then the mark moved away from it.
            const found = text.content.indexOf(mark);
            if (edit.start === edit.end && edit.start === start && newText !== "") {
              start = found;
              end = found + mark.length;
            }
            expect(text.content.slice(start, end)).toContain(mark);
          }
        },
      ),
    );
  });

  test("shrinking an edit does not change what it does", () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), fc.nat(), fc.string(), (content, a, b, newText) => {
        const [start = 0, end = 0] = [a % (content.length + 1), b % (content.length + 1)].sort(
          (x, y) => x - y,
        );
        const edit = { start, end, newText };
        const small = shrinkEdit(content, edit);
        expect(applyEdits(createText(content), [small]).content).toBe(
          applyEdits(createText(content), [edit]).content,
        );
        expect(small.newText.length).toBeLessThanOrEqual(newText.length);
      }),
    );
  });

  test("the share that is left", () => {
    expect(shareLeft("abcd", "abcd")).toBe(1);
    expect(shareLeft("abcd", "ab")).toBe(0.5);
    expect(shareLeft("abcd", "aXd")).toBe(0.5);
    expect(shareLeft("abcd", "")).toBe(0);
  });
});
