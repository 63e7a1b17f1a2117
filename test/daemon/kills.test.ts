// kill -9 while somebody types: no character is lost, no request stays open. `HEARTH_KILLS` says how often (scripts/prove-kills.ts).
import { afterEach, describe, expect, it } from "vitest";
import { startClient } from "../kit/client.ts";
import type { TestClient } from "../kit/client.ts";
import { childrenOf, createHearthHome } from "../kit/hearth-home.ts";
import type { HearthHome } from "../kit/hearth-home.ts";
import { profile } from "../kit/profiles.ts";
import { until } from "../kit/waiting.ts";

const kills = Number(process.env["HEARTH_KILLS"] ?? 8);
const uri = "file:///w/typed.py";
/** Longer than any start: a kill waits for the daemon before it. */
const PATIENCE_MS = 10_000 + kills * 5_000;

let home: HearthHome | undefined;
afterEach(async () => {
  await home?.destroy();
  home = undefined;
});

interface TypingReport {
  readonly deaths: number;
  readonly asked: number;
  readonly empty: number;
}

/** Types until all kills have happened; every key is an edit and a request. */
async function typeThroughKills(
  client: TestClient,
  times: number,
  findVictim: () => Promise<number | undefined>,
): Promise<TypingReport> {
  let isDone = false;
  let deaths = 0;
  let asked = 0;
  let empty = 0;
  let served = 0;
  const answers: Promise<void>[] = [];
  const killing = (async () => {
    let last = 0;
    while (deaths < times) {
      const pid = await until(
        "there is another daemon",
        async () => {
          const found = await findVictim();
          return found === undefined || found === last ? undefined : found;
        },
        PATIENCE_MS,
      );
      // Every other one dies while it starts or is told of the session, the rest in the middle of answering.
      const before = served;
      if (deaths % 2 === 1) {
        await until("the daemon answers", () => served > before || undefined, PATIENCE_MS);
      }
      await new Promise((resolve) => setTimeout(resolve, (deaths * 7) % 40));
      process.kill(pid, "SIGKILL");
      last = pid;
      deaths += 1;
    }
    isDone = true;
  })();

  let text = 0;
  for (let line = 0; !isDone || line < 20; line += 1) {
    for (const key of `def typed_${line.toString(36)}_é😀(a): return a\n`) {
      client.edit(uri, text, text, key);
      text += key.length;
      asked += 1;
      answers.push(
        client
          .request(line % 2 === 0 ? "textDocument/completion" : "textDocument/documentSymbol", {
            textDocument: { uri },
            position: client.position(uri, text),
          })
          .then((result) => {
            if (result === null || JSON.stringify(result) === '{"isIncomplete":true,"items":[]}') empty += 1;
            else served += 1;
          }),
      );
      await new Promise((resolve) => setTimeout(resolve, 4));
    }
  }
  await killing;
  const open = await Promise.allSettled(answers);
  const unanswered = open.filter((answer) => answer.status === "rejected");
  expect(unanswered.map(({ reason }) => String(reason))).toEqual([]);
  return { deaths, asked, empty };
}

/** What the server has of the text: each line is a function whose name and range give away a lost or doubled character. */
async function expectWholeText(client: TestClient): Promise<void> {
  const text = client.textOf(uri);
  const lines = text.split("\n").slice(0, -1);
  const symbols = await until("the newest daemon answers", async () => {
    const found = await client.symbols(uri);
    return found.length === 0 ? undefined : found;
  });
  const seen = symbols.map(({ name, range }) => ({
    name,
    line: range?.start.line,
    end: range?.end.character,
  }));
  // A name ends before the emoji: it is no letter to Python's grammar, and the rest of the line stays in the function's range.
  expect(seen.map(({ line }) => line)).toEqual(lines.map((_line, at) => at));
  expect(seen.map(({ name }) => name)).toEqual(lines.map((line) => /typed_\w+_é/u.exec(line)?.[0] ?? ""));
}

describe(`${kills} kills while typing`, () => {
  it("lose nothing when the daemon is shared", { timeout: 60_000 + PATIENCE_MS }, async () => {
    const place = createHearthHome({ environment: { HEARTH_DEATHS_PER_MINUTE: "100000" } });
    home = place;
    const client = await startClient({ mode: place.mode("daemon"), profile: profile("neovim") });
    client.open(uri, "");
    const report = await typeThroughKills(client, kills, async () => (await place.status())?.pid);
    expect(report.deaths).toBe(kills);
    await expectWholeText(client);
    console.log(`shared: ${JSON.stringify(report)}`);
    await client.end();
  });

  it("lose nothing with a process of its own", { timeout: 60_000 + PATIENCE_MS }, () =>
    proveInPrivate(kills, { HEARTH_DEATHS_PER_MINUTE: "100000" }),
  );
});

it("lose nothing when too many deaths take the model away", { timeout: 120_000 }, () =>
  proveInPrivate(7, {}),
);

async function proveInPrivate(times: number, environment: NodeJS.ProcessEnv): Promise<void> {
  const place = createHearthHome({ environment });
  home = place;
  const client = await startClient({
    mode: place.mode("standalone", ["--standalone"]),
    profile: profile("neovim"),
  });
  client.open(uri, "");
  const forwarder = client.server.pid ?? -1;
  const report = await typeThroughKills(client, times, () => Promise.resolve(childrenOf(forwarder)[0]));
  expect(report.deaths).toBe(times);
  await expectWholeText(client);
  console.log(`private: ${JSON.stringify(report)}`);
  await client.end();
}
