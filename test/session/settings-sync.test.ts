// Settings of a client: from initialize, asked for, pushed; and what it is told about wrong ones.
import { describe, expect, test } from "vitest";
import { createMemoryFiles } from "../../server/platform/index.ts";
import { startClient } from "../kit/client.ts";
import type { TestClient } from "../kit/client.ts";
import { at } from "../kit/json.ts";
import { profile, withCapabilities } from "../kit/profiles.ts";
import { until } from "../kit/waiting.ts";
import { never } from "../kit/connection.ts";
import { expectNoBugs, sessionMode } from "./session-mode.ts";

const uri = "file:///project/a.py";
const content = "def greet(name):\n    return na";
const pulls = profile("vscode-like");
const pushes = withCapabilities(profile("old"), { workspace: { configuration: undefined } });

async function menuSize(client: TestClient): Promise<number> {
  return (await client.complete(uri, content.length)).length;
}

const messages = (client: TestClient): readonly unknown[] =>
  client.notes
    .filter((note) => note.method === "window/showMessage")
    .map((note) => at(note.params, "message"));

describe("settings", () => {
  test.each([
    ["as they are", { completion: { enabled: false } }],
    ["in a section", { hearth: { completion: { enabled: false } } }],
    ["with dotted keys", { "completion.enabled": false }],
  ])("of initializationOptions count from the first request: %s", async (_form, initializationOptions) => {
    const client = await startClient({ mode: sessionMode(), profile: pushes, initializationOptions });
    client.open(uri, content);
    expect(await menuSize(client)).toBe(0);
    await client.end();
  });

  test("are asked for where the client can be asked, and again when they changed", async () => {
    const settings: Record<string, unknown> = { hearth: { completion: { enabled: false } } };
    const client = await startClient({ mode: sessionMode(), profile: pulls, settings });
    client.open(uri, content);
    await until("the settings count", async () => (await menuSize(client)) === 0 || undefined);
    settings["hearth"] = { completion: { enabled: true } };
    client.notify("workspace/didChangeConfiguration", { settings: null });
    await until("the new settings count", async () => (await menuSize(client)) > 0 || undefined);
    const registered = client.serverRequests.filter((note) => note.method === "client/registerCapability");
    expect(registered.map((note) => at(note.params, "registrations"))).toMatchObject([
      [{ method: "workspace/didChangeConfiguration", registerOptions: { section: "hearth" } }],
    ]);
    await client.end();
  });

  test("are taken from what is pushed where the client's answer knows nothing of them, as coc.nvim's does of settings without a section", async () => {
    const settings: Record<string, unknown> = {};
    const client = await startClient({ mode: sessionMode(), profile: profile("coc"), settings });
    client.open(uri, content);
    client.notify("workspace/didChangeConfiguration", { settings: { completion: { enabled: false } } });
    await until("the pushed settings count", async () => (await menuSize(client)) === 0 || undefined);
    client.notify("workspace/didChangeConfiguration", { settings: {} });
    await client.symbols(uri);
    expect(await menuSize(client)).toBe(0);
    settings["hearth"] = { completion: { enabled: true } };
    client.notify("workspace/didChangeConfiguration", { settings: { completion: { enabled: false } } });
    await until("the answer counts more", async () => (await menuSize(client)) > 0 || undefined);
    await client.end();
  });

  test("are taken from what is pushed where the client cannot be asked", async () => {
    const client = await startClient({ mode: sessionMode(), profile: pushes });
    client.open(uri, content);
    client.notify("workspace/didChangeConfiguration", {
      settings: { hearth: { completion: { enabled: false } } },
    });
    await until("the settings count", async () => (await menuSize(client)) === 0 || undefined);
    client.notify("workspace/didChangeConfiguration", { settings: { "other-server": { enable: true } } });
    client.notify("workspace/didChangeConfiguration", { settings: null });
    expect(await menuSize(client)).toBe(0);
    expect(messages(client)).toEqual([]);
    await client.end();
  });

  test("that are wrong are told once each, in a sentence, and the last good value stays", async () => {
    const mode = sessionMode();
    const client = await startClient({
      mode,
      profile: pushes,
      initializationOptions: { completion: { enabled: false } },
    });
    client.open(uri, content);
    for (let round = 0; round < 3; round += 1) {
      client.notify("workspace/didChangeConfiguration", {
        settings: { hearth: { completion: { enabled: "perhaps", maxItem: 7 }, model: { id: "x" } } },
      });
    }
    await until("the messages are there", () => messages(client).length === 3 || undefined);
    expect(messages(client)).toEqual([
      'hearth: the settings of your editor: completion.enabled must be true or false, not "perhaps".',
      "hearth: the settings of your editor: there is no setting completion.maxItem (did you mean completion.maxItems?).",
      "hearth: the settings of your editor: model.id is set for the whole machine, in your settings file or the environment.",
    ]);
    expect(await menuSize(client)).toBe(0);
    expect(mode.session().status().settingsProblems.length).toBe(3);
    await client.end();
    expectNoBugs(mode);
  });

  test("of a workspace file count when they are harmless, and follow the folders", async () => {
    const files = createMemoryFiles();
    await files.writeText(
      "/project/.hearth.json",
      '{ "completion": { "enabled": false }, "limits.lineCharacters": 100 }',
    );
    const client = await startClient({
      mode: sessionMode({ files }),
      profile: pulls,
      folders: ["file:///project"],
    });
    client.open(uri, content);
    expect(await menuSize(client)).toBe(0);
    await until("the message is there", () => messages(client)[0]);
    expect(messages(client)).toEqual([
      "hearth: /project/.hearth.json: limits.lineCharacters cannot be set by a workspace, only by you.",
    ]);
    client.notify("workspace/didChangeWorkspaceFolders", {
      event: {
        added: [{ uri: "file:///else", name: "else" }],
        removed: [{ uri: "file:///project", name: "work" }],
      },
    });
    await until("the file does not count any more", async () => (await menuSize(client)) > 0 || undefined);
    await client.end();
  });

  test("of a client that never answers are the defaults, and nothing waits", async () => {
    const client = await startClient({
      mode: sessionMode(),
      profile: pulls,
      answer: (method) => (method === "workspace/configuration" ? never : undefined),
    });
    client.open(uri, content);
    expect(await menuSize(client)).toBeGreaterThan(0);
    await client.end();
  });

  test("switching diagnostics off clears what was pushed; a client that pulls is told to look again", async () => {
    const broken = "def f(:\n    pass\n";
    const pushed = await startClient({ mode: sessionMode(), profile: pushes });
    pushed.open(uri, broken);
    expect((await pushed.findings(uri)).length).toBeGreaterThan(0);
    pushed.notify("workspace/didChangeConfiguration", {
      settings: { hearth: { diagnostics: { enabled: false } } },
    });
    await until("the findings are gone", () => isEmpty(pushed));
    await pushed.end();

    const settings: Record<string, unknown> = { hearth: {} };
    const pulling = await startClient({ mode: sessionMode(), profile: pulls, settings });
    pulling.open(uri, broken);
    expect((await pulling.findings(uri)).length).toBeGreaterThan(0);
    settings["hearth"] = { diagnostics: { enabled: false } };
    pulling.notify("workspace/didChangeConfiguration", { settings: {} });
    await until("the refresh is asked for", () =>
      pulling.serverRequests.find((note) => note.method === "workspace/diagnostic/refresh"),
    );
    expect(await pulling.findings(uri)).toEqual([]);
    await pulling.end();
  });
});

function isEmpty(client: TestClient): true | undefined {
  const last = at(client.published(uri).at(-1), "diagnostics");
  return Array.isArray(last) && last.length === 0 ? true : undefined;
}
