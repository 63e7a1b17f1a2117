// Commands as a person runs them: real processes in a home of their own.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { startClient } from "../kit/client.ts";
import { buildFixtureModel } from "../kit/fixture-model.ts";
import { createHearthHome } from "../kit/hearth-home.ts";
import type { HearthHome } from "../kit/hearth-home.ts";
import { until } from "../kit/waiting.ts";

const homes: HearthHome[] = [];
function home(environment: NodeJS.ProcessEnv = {}): HearthHome {
  const created = createHearthHome({ environment });
  homes.push(created);
  return created;
}
afterEach(async () => {
  for (const used of homes.splice(0)) await used.destroy();
});

describe("hearth status and stop", () => {
  it("say that no daemon is running, and start none", () => {
    const place = home();
    expect(place.command(["status"])).toMatchObject({ exitCode: 1, output: "No daemon is running.\n" });
    expect(JSON.parse(place.command(["status", "--json"]).output)).toEqual({ running: false });
    expect(place.command(["stop"])).toMatchObject({ exitCode: 0, output: "No daemon is running.\n" });
    expect(place.builds()).toEqual([]);
  });

  it("show sessions with their latencies, and end the daemon", async () => {
    const place = home();
    const client = await startClient({ mode: place.mode("daemon"), folders: ["file:///w"] });
    client.open("file:///w/a.py", "def f(): pass\n");
    await client.symbols("file:///w/a.py");
    const status = JSON.parse(place.command(["status", "--json"]).output) as Record<string, unknown>;
    expect(status).toMatchObject({
      running: true,
      sessions: [
        {
          folders: ["file:///w"],
          openDocuments: 1,
          phase: "running",
          forwarderPid: client.server.pid,
          editorPid: process.pid,
          latencies: { "textDocument/documentSymbol": { count: 1 } },
        },
      ],
      bugs: [],
      syntax: { loadedGrammars: ["python"] },
    });
    const table = place.command(["status"]);
    expect(table.exitCode).toBe(0);
    expect(table.output).toMatch(/textDocument\/documentSymbol\s+1\s+\d/);
    await client.end();
    expect(place.command(["stop"]).output).toMatch(/The daemon \(process \d+\) has ended/);
    expect(place.builds()).toEqual([]);
  });
});

describe("hearth status", () => {
  it("tells how many suggestions were accepted, of this daemon and of earlier ones", async () => {
    const place = home();
    mkdirSync(join(place.folder, "state"));
    const row = { kind: "line", model: "m", language: "python", shown: 10, accepted: 4, judged: 4, kept: 3 };
    writeFileSync(join(place.folder, "state/acceptance.json"), JSON.stringify({ format: 1, rows: [row] }));
    const client = await startClient({ mode: place.mode("daemon") });
    const uri = "file:///w/a.py";
    const typed = "def total(items):\n    return sum(items)\n\n\ndef mean(items):\n    return tot";
    client.open(uri, typed);
    const items = await client.complete(uri, typed.length, { triggerKind: 1 });
    expect(items[0]?.textEdit?.newText).toBe("total");
    client.edit(uri, typed.length, typed.length, "al");
    client.close(uri);
    await client.symbols(uri);
    const status = place.command(["status"]);
    expect(status.output).toContain("line 4 of 10 shown, 3 of 4 kept after 30 s");
    expect(status.output).toContain("name 1 of 1 shown, 1 of 1 kept after 30 s");
    const { acceptance, completion } = JSON.parse(place.command(["status", "--json"]).output) as {
      acceptance: readonly unknown[];
      completion: { readonly unanswered: number };
    };
    expect(acceptance).toContainEqual(row);
    // There is no model, so the question had no line.
    expect(completion.unanswered).toBeGreaterThan(0);
    expect(status.output).toContain(`0 asked of the model, ${completion.unanswered} without a line`);
    await client.end();
    place.command(["stop"]);
    expect(readFileSync(join(place.folder, "state/acceptance.json"), "utf8")).toContain('"name"');
  });
});

describe("hearth doctor", () => {
  it("finds nothing wrong in an empty home", () => {
    const place = home();
    const report = place.command(["doctor"]);
    expect(report.complaints).toBe("");
    expect(report.exitCode).toBe(0);
    expect(report.output).toContain("none is running; the first editor starts it");
    expect(report.output).toMatch(/languages/);
  });

  it("names what is wrong and what to do: an unsafe socket folder, a wrong setting, a model that crashes", () => {
    const place = home({ HEARTH_COMPLETION_MAX_ITEMS: "many" });
    mkdirSync(join(place.folder, "run"));
    chmodSync(join(place.folder, "run"), 0o777);
    mkdirSync(join(place.folder, "state"));
    writeFileSync(
      join(place.folder, "state/model-crashes.json"),
      JSON.stringify({ "some-model": { count: 2, phase: "loading" } }),
    );
    const report = place.command(["doctor", "--json"]);
    expect(report.exitCode).toBe(1);
    const { checks } = JSON.parse(report.output) as {
      checks: readonly { name: string; state: string; detail: string; remedy?: string }[];
    };
    const problems = checks.filter((check) => check.state === "problem");
    expect(problems.map((check) => check.name).sort()).toEqual(["crashes", "settings", "socket"]);
    expect(problems.find((check) => check.name === "socket")?.detail).toContain("chmod 700");
    expect(problems.find((check) => check.name === "settings")?.detail).toContain("completion.maxItems");
    expect(problems.find((check) => check.name === "crashes")?.remedy).toContain("hearth models retry");
    place.command(["models", "retry"]);
    const after = JSON.parse(place.command(["doctor", "--json"]).output) as typeof report & {
      checks: typeof checks;
    };
    expect(after.checks.some((check) => check.name === "crashes")).toBe(false);
  });
});

describe("a model without the special tokens of its prompt format", () => {
  it("is used, and status and doctor say what it lacks", async () => {
    const place = home();
    const file = join(place.folder, "qwen-plain.gguf");
    writeFileSync(file, buildFixtureModel({ fillInTheMiddle: false }));
    const settings = { HEARTH_MODEL_ID: pathToFileURL(file).href };
    const client = await startClient({ mode: place.mode("daemon", [], settings), folders: ["file:///w"] });
    client.open("file:///w/a.py", "def f(): pass\n");
    await until(
      "the model is ready",
      async () => (await place.status())?.inference.state.kind === "ready" || undefined,
    );
    expect(place.command(["status"]).output).toMatch(
      /prompt .*lacks <\|fim_prefix\|>, .*before the cursor only/,
    );
    const { checks } = JSON.parse(place.command(["doctor", "--json"]).output) as {
      checks: readonly { name: string; state: string; detail: string }[];
    };
    expect(checks.find((check) => check.name === "prompt")).toMatchObject({
      state: "note",
      detail: expect.stringContaining("<|fim_prefix|>"),
    });
    await client.end();
  });
});

describe("hearth check", () => {
  it("prints findings as file:line:column and ends with 1; sound files give 0 and silence", () => {
    const place = home();
    const broken = join(place.folder, "broken.py");
    const sound = join(place.folder, "sound.py");
    writeFileSync(broken, "x = 1\ny = (1,\n");
    writeFileSync(sound, "x = 1\n");
    const found = place.command(["check", broken]);
    expect(found.exitCode).toBe(1);
    expect(found.output).toMatch(/broken\.py:\d+:\d+: .+/);
    expect(place.command(["check", sound])).toMatchObject({ exitCode: 0, output: "" });
    // A second parser has to agree with this grammar.
    const confirmed = join(place.folder, "broken.ts");
    writeFileSync(confirmed, "const a = 1;\nfunction f(b: string { return b; }\n");
    expect(place.command(["check", confirmed]).output).toMatch(/broken\.ts:2:\d+: .+/);
    expect(place.command(["check", join(place.folder, "missing.py")]).complaints).toContain("not checked");
  });
});

describe("a command line that is not understood", () => {
  it.each([["nonsense"], ["status", "--nonsense"], ["--stdio", "--nonsense"], ["daemon", "--nonsense"]])(
    "%j %j gets a message and 2",
    (...args) => {
      const place = home();
      const run = place.command(args.filter((arg) => arg !== undefined));
      expect(run.exitCode).toBe(2);
      expect(run.complaints).toContain("nonsense");
      expect(run.output).toBe("");
    },
  );

  it("but help and the version are given", () => {
    const place = home();
    expect(place.command(["--version"]).output).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(place.command(["help"])).toMatchObject({ exitCode: 0 });
    expect(place.command(["help"]).output).toContain("doctor");
  });
});
