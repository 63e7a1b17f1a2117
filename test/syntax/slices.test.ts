// What does not fit into an edit's turn goes on in slices; large texts stop nobody; no tree is left behind.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../server/platform/index.ts";
import type { Clock } from "../../server/platform/index.ts";
import { oversizeReason } from "../../server/syntax/index.ts";
import type { SyntaxService, SyntaxSnapshot } from "../../server/syntax/index.ts";
import { createText } from "../../server/text/index.ts";
import { createHastyClock, languageOf, openText, startService, stoppedClock } from "./service.ts";

let service: SyntaxService;
afterEach(() => service.dispose());

const module = Array.from(
  { length: 400 },
  (_, n) => `def f${n}(a, b=${n}):\n    return g(a, [b, ${n}])\n`,
).join("\n");

describe("a parse that takes longer than its turn", () => {
  let turns = 0;
  beforeEach(async () => {
    turns = 0;
    const hasty = createHastyClock();
    const counted: Clock = {
      ...hasty,
      yieldTurn() {
        turns += 1;
        return systemClock.yieldTurn();
      },
    };
    service = await startService({ clock: counted });
  });

  it("goes on in slices, the event loop in between, and ends with the tree of the newest text", async () => {
    const document = openText(service, "python", module);
    await document.parsed();
    const turnsToOpen = turns;
    expect(turnsToOpen).toBeGreaterThan(20);
    document.edit({ start: 0, end: 0, newText: "first = 1\n" });
    expect(document.current()).toBeUndefined();
    document.edit({ start: 0, end: 5, newText: "second" });
    const snapshot = await document.parsed();
    expect(snapshot.text).toBe(document.text());
    expect(snapshot.facts().declarations[0]?.name).toBe("second");
    expect(snapshot.facts().declarations).toHaveLength(400 * 3 + 1);
    document.dispose();
  });

  it("is thrown away when the text is replaced, and the parser begins afresh with the new one", async () => {
    // Without a reset the next parse would go on with the text before.
    const document = openText(service, "python", "x = 1\n");
    await document.parsed();
    document.edit({ start: 0, end: 6, newText: module });
    expect(document.current()).toBeUndefined();
    await systemClock.yieldTurn();
    document.edit({ start: 0, end: module.length, newText: "y = 2\n" });
    const snapshot = await document.parsed();
    expect(snapshot.facts().scopes[0]?.span).toEqual({ start: 0, end: 6 });
    expect(snapshot.facts().declarations.map(({ name }) => name)).toEqual(["y"]);
    expect(snapshot.selectionSpans(0).at(-1)).toEqual({ start: 0, end: 6 });
    document.dispose();
  });

  it("gives no answer about an edit, and leaves the parser fit for the next text", async () => {
    const document = openText(service, "python", module);
    const snapshot = await document.parsed();
    expect(snapshot.errorCountAfter({ start: 0, end: 0, newText: '"""' }, 1)).toBeUndefined();
    const other = openText(service, "python", "z = 3\n");
    expect((await other.parsed()).facts().declarations.map(({ name }) => name)).toEqual(["z"]);
    document.dispose();
    other.dispose();
  });
});

describe("an edit before the first tree", () => {
  it.each([false, true])("is told to no tree (grammar loaded: %s)", async (isLoaded) => {
    service = await startService();
    if (isLoaded) await openText(service, "javascript", "").parsed();
    const line = (n: number): string => `/* a comment */ function f${n}() { return "text"; }\n`;
    const document = openText(service, "javascript", line(0) + line(1) + line(2));
    const lineEnd = line(0).length - 1;
    document.edit({ start: lineEnd, end: lineEnd, newText: " /* tail */ function tail() {}" });
    const names = (snapshot: SyntaxSnapshot): string =>
      snapshot
        .outline()
        .map(({ name }) => name)
        .join();
    expect(names(await document.parsed())).toBe("f0,tail,f1,f2");
    const end = document.text().content.length;
    document.edit({ start: end, end, newText: "function last() {}\n" });
    expect(names(await document.parsed())).toBe("f0,tail,f1,f2,last");
    document.dispose();
  });
});

describe("finding what is wrong", () => {
  const broken = [
    "def f(a:\n    return a\n",
    "x = [1, 2\n\ny = g(1))\n",
    "class A\n    def m(self):\n        return (1\n",
    "print('open)\n",
  ].join("\n");

  it("goes on in slices of one trial where time is short, with the same outcome, and leaves no tree behind", async () => {
    service = await startService({ clock: stoppedClock });
    const atOnce = openText(service, "python", broken);
    const wanted = (await atOnce.parsed()).findings();
    expect(wanted.length).toBeGreaterThan(1);
    atOnce.dispose();
    service.dispose();

    let turns = 0;
    let nowMs = 0;
    const slow: Clock = {
      ...systemClock,
      // Of two readings nothing fits in between but one trial, and all trials together have time.
      nowMs: () => (nowMs += 0.5),
      yieldTurn() {
        turns += 1;
        nowMs += 8;
        return systemClock.yieldTurn();
      },
    };
    service = await startService({ clock: slow });
    const document = openText(service, "python", broken);
    await document.parsed();
    await expect.poll(() => service.status().warmGrammars).toContain("python");
    const before = turns;
    const judged = await document.judged();
    expect(judged.findings()).toEqual(wanted);
    expect(turns - before).toBeGreaterThan(1);
    document.dispose();
    await expect.poll(() => service.status().liveTrees).toBe(0);
  });

  it("is left when nobody waits any more or the text has moved on, and can be asked again", async () => {
    service = await startService({ clock: createHastyClock() });
    const text = createText(broken);
    const document = service.openDocument(languageOf(service, "python"), text);
    const parsed = await document.whenParsed(AbortSignal.timeout(30_000));
    const trees = service.status().liveTrees;
    const cancel = new AbortController();
    const judged = document.whenJudged(cancel.signal);
    await systemClock.yieldTurn();
    cancel.abort();
    expect(await judged).toBeUndefined();
    expect(service.status().liveTrees).toBeLessThanOrEqual(trees);
    expect(await document.whenJudged(AbortSignal.timeout(30_000))).toBe(parsed);
    const leaving = document.whenJudged(AbortSignal.timeout(30_000));
    document.dispose();
    await leaving;
    await expect.poll(() => service.status().liveTrees).toBe(0);
  });
});

describe("trees", () => {
  it("are bounded by the open documents, after thousands of edits", async () => {
    service = await startService({ clock: stoppedClock });
    const document = openText(service, "python", module);
    await document.parsed();
    let most = 0;
    for (let count = 0; count < 3_000; count += 1) {
      document.edit({ start: 7, end: count % 2 === 0 ? 7 : 8, newText: count % 2 === 0 ? "x" : "" });
      if (count % 100 === 0) document.current()?.findings();
      most = Math.max(most, service.status().liveTrees);
    }
    expect(document.current()?.facts().declarations).toHaveLength(1_200);
    expect(most).toBeLessThanOrEqual(4);
    document.dispose();
    expect(service.status().liveTrees).toBe(0);
  });

  it("of 200 documents are all gone when they are closed", async () => {
    service = await startService();
    const documents = Array.from({ length: 200 }, (_, n) => openText(service, "python", `x${n} = ${n}\n`));
    const snapshots = await Promise.all(documents.map((document) => document.parsed()));
    expect(snapshots.map((snapshot) => snapshot.facts().declarations[0]?.name).at(-1)).toBe("x199");
    for (const document of documents) document.dispose();
    await expect.poll(() => service.status().liveTrees).toBe(0);
  });

  it("of a snapshot live until its text was replaced twice; then it is empty, not broken", async () => {
    service = await startService({ clock: stoppedClock });
    const document = openText(service, "python", "def f():\n    pass\n");
    const first = await document.parsed();
    document.edit({ start: 0, end: 0, newText: "#" });
    expect(first.outline()).toHaveLength(1);
    document.edit({ start: 0, end: 1, newText: "" });
    expect(first.facts().declarations).toHaveLength(1);
    expect(first.folds()).toEqual([]);
    expect(first.selectionSpans(3)).toEqual([{ start: 0, end: 18 }]);
    expect(first.errorCountAfter({ start: 0, end: 0, newText: "(" }, 100)).toBeUndefined();
    document.dispose();
    expect(document.current()).toBeUndefined();
  });
});

describe("a large text", () => {
  it("beyond the limit has no tree and a reason; it is parsed again when it has shrunk", async () => {
    service = await startService();
    const huge = "x = 1\n".repeat(900_000);
    expect(oversizeReason(createText(huge))).toContain("2,000,000");
    const document = openText(service, "python", huge);
    const unparsed = service.openDocument(languageOf(service, "python"), createText(huge));
    expect(await unparsed.whenParsed(AbortSignal.timeout(10_000))).toBeUndefined();
    document.edit({ start: 5, end: 6, newText: "\n\n" });
    expect(document.current()).toBeUndefined();
    document.edit({ start: 10, end: document.text().content.length, newText: "" });
    expect((await document.parsed()).facts().declarations).toHaveLength(1);
    expect(oversizeReason(document.text())).toBeUndefined();
    document.dispose();
    unparsed.dispose();
    expect(service.status().liveTrees).toBe(0);
  });

  it("with a very long line is parsed off the turn, not in it", async () => {
    service = await startService({ clock: stoppedClock });
    const document = openText(service, "python", `x = [${"1, ".repeat(10_000)}]\ny = 2\n`);
    await document.parsed();
    document.edit({ start: 0, end: 1, newText: "z" });
    expect(document.current()).toBeUndefined();
    expect((await document.parsed()).facts().declarations.map(({ name }) => name)).toEqual(["z", "y"]);
    document.dispose();
  });
});

describe("a document that is let go of", () => {
  it("wakes who waits for it, and takes no more edits", async () => {
    service = await startService();
    const document = openText(service, "python", module);
    const waiting = document.parsed();
    document.dispose();
    await expect(waiting).rejects.toThrow("not parsed");
    document.edit({ start: 0, end: 0, newText: "x" });
    expect(document.current()).toBeUndefined();
    document.dispose();
  });

  it("does not keep a waiter whose request was cancelled", async () => {
    service = await startService();
    const document = service.openDocument(languageOf(service, "python"), createText(module));
    const abort = new AbortController();
    const waiting = document.whenParsed(abort.signal);
    abort.abort();
    expect(await waiting).toBeUndefined();
    document.dispose();
  });
});
