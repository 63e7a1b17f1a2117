// Settings: layers, scopes, origins, problems in sentences, last good values, and the page that is written from the table.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMemoryFiles } from "../../server/platform/index.ts";
import {
  createClientSettings,
  createDefaultSettings,
  openMachineSettings,
  renderSettingsPage,
} from "../../server/settings/index.ts";
import type { ClientSettings, MachineSettings } from "../../server/settings/index.ts";

const userFile = "/config/settings.json";

async function machineWith(
  text: string | undefined,
  environment: Record<string, string> = {},
): Promise<{ readonly machine: MachineSettings; readonly files: ReturnType<typeof createMemoryFiles> }> {
  const files = createMemoryFiles();
  if (text !== undefined) await files.writeText(userFile, text);
  return { machine: await openMachineSettings({ files, userFile, environment }), files };
}

async function clientOf(
  machine: MachineSettings,
  files: ReturnType<typeof createMemoryFiles>,
): Promise<{ readonly client: ClientSettings; readonly told: string[] }> {
  const told: string[] = [];
  const client = createClientSettings({ machine, files, onProblem: (sentence) => told.push(sentence) });
  return { client, told };
}

describe("layers", () => {
  test("without anything set, everything is a default", async () => {
    const { machine } = await machineWith(undefined);
    expect(machine.current()).toEqual(createDefaultSettings().current());
    expect(machine.problems()).toEqual([]);
    expect([...machine.origins().values()].every((origin) => origin.layer === "default")).toBe(true);
    expect(machine.current().completion.maxItems).toBe(100);
    expect(machine.current().model.path).toBeUndefined();
  });

  test("the file, the workspace, the environment and the editor outweigh each other in this order", async () => {
    const { machine, files } = await machineWith(
      '{ "completion": { "maxItems": 1, "modelDeadlineMs": 1 } }',
      {
        HEARTH_COMPLETION_MAX_ITEMS: "3",
      },
    );
    await files.writeText(
      "/project/.hearth.json",
      '{ "completion": { "maxItems": 2, "modelDeadlineMs": 2 } }',
    );
    const { client } = await clientOf(machine, files);
    const seen = (): readonly number[] => [
      client.current().completion.maxItems,
      client.current().completion.modelDeadlineMs,
    ];
    expect(seen()).toEqual([3, 1]);
    await client.setFolders(["/project"]);
    expect(seen()).toEqual([3, 2]);
    await client.setEditor({ completion: { maxItems: 4 } });
    expect(seen()).toEqual([4, 2]);
    expect(client.origins().get("completion.maxItems")).toMatchObject({ layer: "editor", value: 4 });
    expect(client.origins().get("completion.modelDeadlineMs")).toEqual({
      layer: "workspace",
      value: 2,
      place: "/project/.hearth.json",
    });
    await client.setEditor(null);
    await client.setFolders([]);
    expect(seen()).toEqual([3, 1]);
  });

  test("of several folders the first one counts", async () => {
    const { machine, files } = await machineWith(undefined);
    await files.writeText("/one/.hearth.json", '{ "completion.maxItems": 11 }');
    await files.writeText("/two/.hearth.json", '{ "completion.maxItems": 22 }');
    const { client } = await clientOf(machine, files);
    await client.setFolders(["/one", "/two"]);
    expect(client.current().completion.maxItems).toBe(11);
  });

  test("a change of the user's file reaches the clients", async () => {
    const { machine, files } = await machineWith('{ "completion.maxItems": 5 }');
    const { client } = await clientOf(machine, files);
    const seen: number[] = [];
    client.onChange((settings) => seen.push(settings.completion.maxItems));
    await files.writeText(userFile, '{ "completion.maxItems": 6 }');
    await machine.reload();
    await machine.reload();
    expect(seen).toEqual([6]);
  });
});

describe("who may set what", () => {
  test("a workspace sets no row that names a file, an address, or could cost the user something", async () => {
    const { machine, files } = await machineWith(undefined);
    await files.writeText(
      "/project/.hearth.json",
      JSON.stringify({
        model: { id: "x", path: "/etc/passwd", uri: "https://somewhere", download: true },
        offline: true,
        "log.level": "debug",
        "limits.documentCharacters": 100_000_000,
        "diagnostics.enabled": false,
      }),
    );
    const { client, told } = await clientOf(machine, files);
    await client.setFolders(["/project"]);
    expect(client.current()).toEqual({
      ...createDefaultSettings().current(),
      diagnostics: { enabled: false },
    });
    expect(told.length).toBe(7);
  });

  test("an editor does not set what belongs to the machine", async () => {
    const { machine, files } = await machineWith(undefined);
    const { client, told } = await clientOf(machine, files);
    await client.setEditor({ inference: { threads: 64 } });
    expect(client.current().inference.threads).toBe(0);
    expect(told).toEqual([
      "the settings of your editor: inference.threads is set for the whole machine, in your settings file or the environment.",
    ]);
  });
});

describe("what is wrong", () => {
  test.each([
    [
      '{ "completion": { "maxItems": 0 } }',
      "completion.maxItems must be a whole number from 1 to 1000 (items), not 0.",
    ],
    [
      '{ "completion": { "maxItems": 1.5 } }',
      "completion.maxItems must be a whole number from 1 to 1000 (items), not 1.5.",
    ],
    ['{ "offline": "yes" }', 'offline must be true or false, not "yes".'],
    ['{ "inference.gpu": "cuda" }', 'inference.gpu must be one of "auto", "off", not "cuda".'],
    ['{ "model.path": 7 }', "model.path must be a text, not 7."],
    ['{ "model.path": "" }', 'model.path must be a text, not "".'],
    ['{ "completion": null }', "there is no setting completion."],
    ['{ "ofline": true }', "there is no setting ofline (did you mean offline?)."],
    ["[]", "the settings must be an object."],
    ["7", "the settings must be an object."],
  ])("%s is told as a sentence that names the place", async (text, sentence) => {
    const { machine } = await machineWith(text);
    expect(machine.problems()).toEqual([`${userFile}: ${sentence}`]);
    expect(machine.current()).toEqual(createDefaultSettings().current());
  });

  test("a file that is no JSON is told with its place, and what it said before stays", async () => {
    const { machine, files } = await machineWith('{ "completion.maxItems": 5 }');
    await files.writeText(userFile, '{\n  "completion.maxItems": 6,\n  oops\n}');
    await machine.reload();
    expect(machine.problems().length).toBe(1);
    expect(machine.problems()[0]).toMatch(
      /settings\.json: the settings file is not valid JSON: line 3, column 3: /,
    );
    expect(machine.current().completion.maxItems).toBe(5);
  });

  test("a wrong value leaves the last good one, and a good one ends the problem", async () => {
    const { machine, files } = await machineWith(undefined);
    const { client, told } = await clientOf(machine, files);
    await client.setEditor({ completion: { maxItems: 5 } });
    await client.setEditor({ completion: { maxItems: "many" } });
    await client.setEditor({ completion: { maxItems: "many" } });
    expect(client.current().completion.maxItems).toBe(5);
    expect(told.length).toBe(1);
    await client.setEditor({ completion: { maxItems: 7 } });
    expect(client.current().completion.maxItems).toBe(7);
    expect(client.problems()).toEqual([]);
  });

  test("a file that cannot be read is told", async () => {
    const files = { readText: () => Promise.reject(new Error("permission denied")) };
    const machine = await openMachineSettings({ files, userFile, environment: {} });
    expect(machine.problems()).toEqual([
      `${userFile}: the settings file could not be read: permission denied.`,
    ]);
  });

  test("variables are read as the rows want them", async () => {
    const { machine } = await machineWith(undefined, {
      HEARTH_OFFLINE: "1",
      HEARTH_LOG_LEVEL: "debug",
      HEARTH_COMPLETION_ENABLED: "no",
      HEARTH_COMPLETION_MAX_ITEMS: "lots",
      HEARTH_MODEL_ID: "",
    });
    expect(machine.current()).toMatchObject({
      offline: true,
      log: { level: "debug" },
      completion: { enabled: false, maxItems: 100 },
      model: { id: "auto" },
    });
    expect(machine.problems()).toEqual([
      'the environment: completion.maxItems must be a whole number from 1 to 1000 (items), not "lots".',
    ]);
  });

  test("whatever an editor sends, nothing throws and every value keeps its type", async () => {
    const { machine, files } = await machineWith(undefined);
    const names = [...machine.origins().keys(), "completion", "model", "hearth"];
    const value = fc.letrec((tie) => ({
      any: fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom(...names), tie("any"), { maxKeys: 3 })),
    })).any;
    await fc.assert(
      fc.asyncProperty(value, async (raw) => {
        const { client } = await clientOf(machine, files);
        await client.setEditor(raw);
        const { completion, limits } = client.current();
        expect(typeof completion.enabled).toBe("boolean");
        expect(completion.maxItems).toBeGreaterThanOrEqual(1);
        expect(limits.lineCharacters).toBeGreaterThanOrEqual(100);
        client.dispose();
      }),
      { numRuns: 200 },
    );
  });
});

test("comments, trailing commas and a byte order mark are understood, and texts keep what looks like them", async () => {
  const { machine } = await machineWith(
    '\uFEFF{\n  // the model\n  "model": { "uri": "https://a//b/*c*/,}", /* none */ },\n  "offline": true,\n}\n',
  );
  expect(machine.problems()).toEqual([]);
  expect(machine.current()).toMatchObject({ offline: true, model: { uri: "https://a//b/*c*/,}" } });
});

test("the page of settings is the table as it is now", () => {
  const page = new URL("../../server/settings/SETTINGS.md", import.meta.url);
  expect(readFileSync(page, "utf8"), "run `npm run build && node dist/scripts/settings-page.js`").toBe(
    renderSettingsPage(),
  );
});
