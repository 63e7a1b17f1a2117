// Pushed findings: after a pause, with their version, cleared on close, never twice the same.
import { describe, expect, test } from "vitest";
import type { DiagnosticsFeature } from "../../server/features/index.ts";
import { createManualClock } from "../../server/platform/index.ts";
import { startClient } from "../kit/client.ts";
import { at } from "../kit/json.ts";
import { profile, withCapabilities } from "../kit/profiles.ts";
import { until } from "../kit/waiting.ts";
import { expectNoBugs, sessionMode } from "./session-mode.ts";

const uri = "file:///project/a.py";
const unversioned = profile("emacs-28.2-eglot-1.9");
const versioned = withCapabilities(unversioned, {
  textDocument: { publishDiagnostics: { versionSupport: true } },
});

function counting(): { readonly feature: DiagnosticsFeature; readonly versions: number[] } {
  const versions: number[] = [];
  return {
    versions,
    feature: {
      findings(snapshot) {
        versions.push(snapshot.version);
        const isBroken = snapshot.text.content.includes("(");
        const finding = {
          span: { start: 0, end: 1 },
          severity: "error" as const,
          code: "unclosed-bracket",
          source: "hearth syntax",
          message: "a bracket is not closed",
        };
        return Promise.resolve({
          version: snapshot.version,
          findings: isBroken ? [finding] : [],
          resultId: String(snapshot.version),
        });
      },
    },
  };
}

describe("pushed findings", () => {
  test("come once after a burst of edits, for its last version", async () => {
    const clock = createManualClock();
    const { feature, versions } = counting();
    const mode = sessionMode({ clock, diagnostics: feature });
    const client = await startClient({ mode, profile: versioned });
    client.open(uri, "");
    await client.symbols(uri);
    clock.advance(1);
    for (let edit = 0; edit < 20; edit += 1) {
      client.edit(uri, 0, 0, "(");
      await client.symbols(uri);
      clock.advance(100);
    }
    expect(versions).toEqual([1]);
    clock.advance(60);
    await until(
      "the findings come",
      () => (client.published(uri).at(-1) && versions.length === 2) || undefined,
    );
    expect(versions).toEqual([1, 21]);
    await until("they are published", () => at(client.published(uri).at(-1), "version") === 21 || undefined);
    await client.end();
    expectNoBugs(mode);
  });

  test("that did not change are sent again only to clients that drop those of old versions", async () => {
    for (const [of, expected] of [
      [versioned, [1, 2, 3]],
      [unversioned, [undefined]],
    ] as const) {
      const mode = sessionMode({ diagnostics: counting().feature });
      const client = await startClient({ mode, profile: of });
      client.open(uri, "f(");
      await client.findings(uri);
      for (const version of [2, 3]) {
        client.edit(uri, 2, 2, "\n");
        client.notify("textDocument/didSave", { textDocument: { uri } });
        if (of === versioned) {
          await until(
            "the version is published",
            () => at(client.published(uri).at(-1), "version") === version || undefined,
          );
        } else {
          await client.symbols(uri);
        }
      }
      expect(client.published(uri).map((params) => at(params, "version"))).toEqual(expected);
      await client.end();
    }
  });

  test("are cleared on close, and nothing comes after it", async () => {
    const clock = createManualClock();
    const mode = sessionMode({ clock, diagnostics: counting().feature });
    const client = await startClient({ mode, profile: unversioned });
    client.open(uri, "f(");
    await client.symbols(uri);
    clock.advance(1);
    await client.findings(uri);
    client.edit(uri, 2, 2, "((");
    client.close(uri);
    await client.symbols(uri);
    clock.advance(1000);
    await client.symbols(uri);
    expect(client.published(uri).map((params) => (at(params, "diagnostics") as unknown[]).length)).toEqual([
      1, 0,
    ]);
    await client.end();
  });

  test("a feature that fails is recorded, and the next edit is looked at again", async () => {
    let isFailing = true;
    const { feature } = counting();
    const mode = sessionMode({
      diagnostics: {
        findings: (snapshot, signal) =>
          isFailing ? Promise.reject(new Error("a bug")) : feature.findings(snapshot, signal),
      },
    });
    const client = await startClient({ mode, profile: unversioned });
    client.open(uri, "f(");
    await until("the bug is recorded", () => mode.bugs.list()[0]);
    isFailing = false;
    client.edit(uri, 2, 2, " ");
    expect((await client.findings(uri)).length).toBe(1);
    await client.end();
  });
});
