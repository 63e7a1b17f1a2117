// Languages whose grammar rejects valid code: findings only where the language's own parser agrees.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { silentLog, systemClock, systemThreads } from "../../server/platform/index.ts";
import type { ScriptThreads } from "../../server/platform/index.ts";
import type { SyntaxService } from "../../server/syntax/index.ts";
import { createSecondOpinion } from "../../server/syntax/second-opinion.ts";
import { grammarsFolder, openText, startService } from "./service.ts";

let service: SyntaxService;
let threadsStarted = 0;
const countedThreads: ScriptThreads = {
  start(script, data) {
    threadsStarted += 1;
    return systemThreads.start(script, data);
  },
};
beforeAll(async () => {
  service = await startService({ threads: countedThreads });
});
afterAll(() => service.dispose());

async function judge(languageId: string, content: string): Promise<readonly string[]> {
  const document = openText(service, languageId, content);
  try {
    return (await document.judged()).findings().map(({ message }) => message);
  } finally {
    document.dispose();
  }
}

describe("a second parser", () => {
  it("is not started for a text without errors", async () => {
    expect(await judge("typescript", "const x: number = 1;\n")).toEqual([]);
    expect(threadsStarted).toBe(0);
  });

  it("keeps quiet what only the grammar rejects", async () => {
    const valid =
      'export type * as T from "./x";\nclass A { static accessor b = 1 }\ninterface B<in out T> { c: T }\n';
    const document = openText(service, "typescript", valid);
    const snapshot = await document.judged();
    expect(snapshot.errorCount()).toBeGreaterThan(0);
    expect(snapshot.findings()).toEqual([]);
    document.dispose();
  });

  it("agrees with what is wrong, and the grammar says what was expected", async () => {
    expect(await judge("typescript", "function f(a: number {\n  return a;\n}\n")).toEqual([
      "`(` is never closed: expected `)` after `number`.",
    ]);
    expect(await judge("tsx", "const a = [1, 2;\n")).toEqual([
      "`[` is never closed: expected `]` after `2`.",
    ]);
  });

  it("has the word where the grammar only sees that something is wrong", async () => {
    expect(await judge("typescript", "const = 5;\n")).toEqual(["Variable declaration expected."]);
  });

  it("finds nothing in the modern samples of the confirmed languages", async () => {
    const confirmed = service.languages.all.filter(({ syntaxFindings }) => syntaxFindings === "confirmed");
    expect(confirmed.length).toBeGreaterThan(0);
    for (const { id } of confirmed) {
      const folder = join(grammarsFolder, id, "samples");
      const names = await readdir(folder).catch(() => []);
      for (const name of names.filter((name) => name.startsWith("modern") && !name.endsWith(".facts")))
        expect(await judge(id, await readFile(join(folder, name), "utf8")), `${id}/${name}`).toEqual([]);
    }
  });

  it("lets an edit be judged without asking again", async () => {
    const document = openText(service, "typescript", 'export type * as T from "./x";\nf(1;\n');
    const snapshot = await document.judged();
    const [finding] = snapshot.findings();
    expect(finding?.code).toBe("unclosed-bracket");
    const edit = finding?.repair?.edit;
    if (edit === undefined) throw new Error("there is no repair");
    expect(snapshot.findingsAfter(edit, 1_000)).toEqual([]);
    document.dispose();
  });

  it("that does not answer in time is stopped, and the text stays without findings", async () => {
    let stopped = 0;
    const opinion = createSecondOpinion({
      threads: {
        start: () => ({
          ask: () => Promise.reject(new Error("the thread did not answer")),
          stop: () => (stopped += 1),
        }),
      },
      clock: systemClock,
      log: silentLog,
    });
    const request = { subject: {}, parser: "typescript", fileName: "a.ts", content: "x" } as const;
    expect(await opinion.ask(request)).toBeUndefined();
    expect(stopped).toBe(1);
    opinion.dispose();
  });
});

describe("a thread", () => {
  it("that runs for ever is ended when its time is over", async () => {
    const thread = systemThreads.start(
      'require("node:worker_threads").parentPort.on("message", () => { for (;;); })',
      undefined,
    );
    await expect(thread.ask("go", 200)).rejects.toThrow("did not answer");
    await expect(thread.ask("again", 10_000)).rejects.toThrow();
  });
});
