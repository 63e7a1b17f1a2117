// Quick fixes: offered only when reparsing shows that the finding is gone and none came.
import { describe, expect, it } from "vitest";
import { createActions } from "../../server/features/index.ts";
import type { VerifiedAction } from "../../server/features/index.ts";
import { createManualClock } from "../../server/platform/index.ts";
import { applyEdits, createText } from "../../server/text/index.ts";
import { createWorkbench, never, useWorkbench } from "./workbench.ts";
import type { OpenFixture } from "./workbench.ts";

const workbench = useWorkbench();

const open = (fixture: string): Promise<OpenFixture> => createWorkbench(workbench.syntax).open(fixture);

function actionsIn(at: OpenFixture, signal = never): Promise<readonly VerifiedAction[]> {
  const snapshot = at.snapshot();
  const whole = { start: 0, end: snapshot.text.content.length };
  // Time stands still: what is found must not depend on how busy the machine is.
  return createActions({ clock: createManualClock() }).actions(snapshot, whole, signal);
}

describe("a bracket", () => {
  it("is closed behind its own place only, whatever the parser makes of another one", async () => {
    const source = "x = [1, (2\n";
    const actions = await actionsIn(await open(`//- /a.py\n${source}`));
    const results = actions.map(({ edits }) => applyEdits(createText(source), edits).content);
    expect(results).toContain("x = [1, (2)]\n");
    expect(results.filter((result) => /\)\s*\(2/.test(result))).toEqual([]);
  });
});

describe("a missing text", () => {
  it.each([
    ["a bracket at the end of a line", "/a.py", "x = max(1, 2\ny = 3\n", "x = max(1, 2)\ny = 3\n"],
    [
      "a bracket in a list",
      "/a.py",
      "a = [1, 2\n\ndef f():\n    pass\n",
      "a = [1, 2]\n\ndef f():\n    pass\n",
    ],
    ["a bracket before a colon", "/a.py", "def f(a:\n    return a\n", "def f(a):\n    return a\n"],
    ["a bracket before another one", "/a.py", "a = {'b': [1, 2}\n", "a = {'b': [1, 2]}\n"],
    ["a bracket before a comment", "/a.py", "a = (1 # one\nb = 2\n", "a = (1) # one\nb = 2\n"],
    [
      "a bracket of a list over lines",
      "/a.py",
      "a = [\n    1,\n    2,\nb = 2\n",
      "a = [\n    1,\n    2,\n]\nb = 2\n",
    ],
    [
      "a bracket before a semicolon",
      "/A.java",
      "class A {\n  void f() {\n    g(h(1);\n  }\n}\n",
      "class A {\n  void f() {\n    g(h(1));\n  }\n}\n",
    ],
    [
      "a bracket in a macro",
      "/a.rs",
      "fn main() {\n    let a = vec![1, 2;\n}\n",
      "fn main() {\n    let a = vec![1, 2];\n}\n",
    ],
    [
      "a brace at the end",
      "/a.go",
      "package a\n\nfunc f() {\n\tg()\n",
      "package a\n\nfunc f() {\n\tg()\n}\n",
    ],
    ["a quote", "/a.py", "print('a')\nprint('b)\n", "print('a')\nprint('b')\n"],
    ["a quote and a bracket", "/a.py", "print('a\nx = 1\n", "print('a')\nx = 1\n"],
    ["a colon", "/a.py", "def f(a)\n    return a\n", "def f(a):\n    return a\n"],
  ])("%s is inserted", async (_, path, before, expected) => {
    const at = await open(`//- ${path}\n${before}`);
    const actions = await actionsIn(at);
    const results = actions.map(({ edits }) => applyEdits(createText(before), edits).content.trim());
    expect(results).toContain(expected.trim());
    const preferred = actions.filter(({ isPreferred }) => isPreferred).map(({ fixes }) => fixes);
    expect(preferred.length).toBeGreaterThan(0);
    expect(new Set(preferred.map((finding) => JSON.stringify(finding))).size).toBe(preferred.length);
  });
});

describe("every action", () => {
  it.each([
    ["/a.py", "x = (1\n"],
    ["/a.py", "def f(a:\n    return [a\n\ndef g():\n    pass\n"],
    ["/a.py", "print('a\nx = 1\n"],
    ["/a.ts", "if (a {\n  b();\n}\n"],
    ["/a.ts", "const a = {b: [1, 2};\n"],
    ["/a.ts", "foo(bar(1, 2);\nbaz();\n"],
  ])("in %s %j mends its finding, adds none and carries the version", async (path, content) => {
    const at = await open(`//- ${path}\n${content}`);
    const before = at.snapshot().syntax.current()!;
    const findings = before.findings();
    for (const action of await actionsIn(at)) {
      expect(action.version).toBe(at.snapshot().version);
      const mended = await open(`//- ${path}\n${applyEdits(at.snapshot().text, action.edits).content}`);
      const after = mended.snapshot().syntax.current()!;
      expect(after.findings().length).toBeLessThan(findings.length);
      expect(after.errorCount()).toBeLessThanOrEqual(before.errorCount());
    }
  });
});

describe("no action", () => {
  it("is offered for valid code, without a grammar, or after the signal fired", async () => {
    expect(await actionsIn(await open("//- /a.py\nx = 1\n"))).toEqual([]);
    expect(await actionsIn(await open("//- /a.unknown\nx = (1\n"))).toEqual([]);
    expect(await actionsIn(await open("//- /a.py\nx = (1\n"), AbortSignal.abort())).toEqual([]);
  });

  it("is offered for a finding elsewhere", async () => {
    const at = await open("//- /a.py\nx = 1\ny = 2\nz = (3\n");
    const actions = createActions({ clock: createManualClock() });
    expect(await actions.actions(at.snapshot(), { start: 0, end: 3 }, never)).toEqual([]);
  });

  it("is tried beyond the time budget", async () => {
    const at = await open("//- /a.py\nx = (1\n");
    const clock = createManualClock();
    // Each look at the clock costs a second here.
    const slow = { ...clock, nowMs: () => (clock.advance(1000), clock.nowMs()) };
    const whole = { start: 0, end: at.snapshot().text.content.length };
    expect(await createActions({ clock: slow }).actions(at.snapshot(), whole, never)).toEqual([]);
  });
});
