// The whole way: an editor, the daemon, a server of the user's own that is killed and comes back, and the local model meanwhile.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, expect, test } from "vitest";
import { startClient } from "../kit/client.ts";
import type { TestClient } from "../kit/client.ts";
import { buildFixtureModel, chain } from "../kit/fixture-model.ts";
import { createHearthHome } from "../kit/hearth-home.ts";
import type { HearthHome } from "../kit/hearth-home.ts";
import { at } from "../kit/json.ts";
import { profile } from "../kit/profiles.ts";
import { until } from "../kit/waiting.ts";
import { openAiChunk, sse, startCompletionServer, stopServers } from "./completion-server.ts";

const KEY = "sk-do-not-log-me";
const uri = "file:///w/shop.py";
const typed = "def f(x):\n    return x\n\n\nresult = f(";

let home: HearthHome | undefined;
let folder: string | undefined;
afterEach(async () => {
  await home?.destroy();
  home = undefined;
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  await stopServers();
});

const shownTo = (client: TestClient): readonly unknown[] =>
  client.notes
    .filter((note) => note.method === "window/showMessage")
    .map((note) => at(note.params, "message"));

let lines = 0;

/** Writes one line after the other, none like another (what is known already is not asked for again), until this model answers. */
function lineOf(client: TestClient, who: string): Promise<true> {
  return until(`a line of the ${who} model is in the menu`, async () => {
    lines += 1;
    const end = client.textOf(uri).length;
    client.edit(uri, end, end, `\nresult${lines} = f(`);
    const items = await client.complete(uri, client.textOf(uri).length, { triggerKind: 1 });
    return items.some((item) => item.label.includes(who)) || undefined;
  });
}

test("completions come from the server, from the local model while it is dead, and from the server again", async () => {
  folder = mkdtempSync(join(tmpdir(), "hearth-server-"));
  const model = join(folder, "local.gguf");
  writeFileSync(
    model,
    buildFixtureModel({ words: ["local", "Price"], next: chain("(", "local", "Price", ")", "\n") }),
  );
  const server = await startCompletionServer();
  server.answer = ({ response }) =>
    sse(response, [
      openAiChunk("remotePrice", undefined, -0.01),
      openAiChunk(")", undefined, -0.01),
      openAiChunk("", "stop"),
    ]);

  home = createHearthHome();
  const environment = {
    HEARTH_MODEL_ID: pathToFileURL(model).href,
    HEARTH_SERVER_URL: server.url,
    HEARTH_SERVER_KEY_VARIABLE: "TOY_SERVER_KEY",
    TOY_SERVER_KEY: KEY,
    HEARTH_LOG_LEVEL: "debug",
  };
  const client = await startClient({
    mode: home.mode("shared", [], environment),
    profile: profile("neovim"),
  });
  client.open(uri, typed);
  await lineOf(client, "remotePrice");
  expect(server.asked[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
  const up = home.command(["status"]);
  expect(up.output).toMatch(
    new RegExp(
      `server +${server.url} \\(openai, toy-model, prompts: prefix-only\\): up; \\d+ answered, 0 failed`,
    ),
  );

  await server.kill();
  await lineOf(client, "localPrice");
  expect(shownTo(client)).toContainEqual(
    expect.stringContaining(`the server ${server.url} does not answer; the local model does`),
  );
  const down = home.command(["status"]);
  expect(down.output).toMatch(
    /(down|tries it) since \d\d:\d\d:\d\d UTC; the local model answers; .* [1-9]\d* by the local model instead; last error: it (refuses|closed)/,
  );
  expect(home.command(["doctor"]).output).toMatch(/(!!|--) {2}server .* since \d\d/);

  await server.revive();
  await lineOf(client, "remotePrice");
  expect((await home.status())?.inference).toMatchObject({
    state: { kind: "ready" },
    server: { state: "up" },
  });
  await client.end();

  // The key is in the daemon's environment and nowhere else.
  const written = [home.log(), up.output, down.output, home.command(["status", "--json"]).output].join("\n");
  expect(written).toContain(server.url);
  expect(written).not.toContain(KEY);
});

test("a workspace cannot name a server", async () => {
  folder = mkdtempSync(join(tmpdir(), "hearth-server-"));
  const server = await startCompletionServer();
  writeFileSync(
    join(folder, ".hearth.json"),
    JSON.stringify({ "server.url": server.url, "server.allowInsecure": true }),
  );
  home = createHearthHome();
  const client = await startClient({
    mode: home.mode("shared"),
    profile: profile("neovim"),
    folders: [pathToFileURL(folder).href],
    initializationOptions: { "server.url": server.url },
  });
  client.open(uri, typed);
  await client.complete(uri, typed.length, { triggerKind: 1 });
  const problems = await until("the refusal is reported", async () => {
    const found = (await home?.status())?.sessions.flatMap((session) => session.settingsProblems) ?? [];
    return found.length >= 3 ? found : undefined;
  });
  expect(
    problems.filter((problem) => problem.includes("server.url is set for the whole machine")).length,
  ).toBe(2);
  await client.end();
  expect(server.seen).toEqual([]);
  expect(readFileSync(join(folder, ".hearth.json"), "utf8")).toContain(server.url);
});

test("an address that would send code in the clear is refused in words, and nothing is sent", async () => {
  home = createHearthHome();
  const environment = { HEARTH_SERVER_URL: "http://llm.invalid:8080" };
  const client = await startClient({
    mode: home.mode("shared", [], environment),
    profile: profile("neovim"),
  });
  client.open(uri, typed);
  await client.complete(uri, typed.length, { triggerKind: 1 });
  expect(shownTo(client)).toContainEqual(
    expect.stringContaining("the server in the settings is not used: server.url is not encrypted"),
  );
  const { output } = home.command(["doctor"], environment);
  expect(output).toContain("your code would cross the network to llm.invalid:8080 in the clear");
  await client.end();
});
