// Many requests, impatient clients, deaf clients, mute clients: every request is answered, nobody else suffers.
import { expect, test } from "vitest";
import { startClient } from "../kit/client.ts";
import type { Answer, SentRequest } from "../kit/connection.ts";
import { never } from "../kit/connection.ts";
import { at, listAt } from "../kit/json.ts";
import { within } from "../kit/waiting.ts";
import { inModes } from "./in-modes.ts";

const uri = "file:///w/load.py";
const document = { textDocument: { uri } };
const text = Array.from(
  { length: 300 },
  (_, index) => `def function_${index}(value):\n    return value\n`,
).join("\n");

const all = (sent: readonly SentRequest[]): Promise<readonly Answer[]> =>
  within(`all ${sent.length} answers`, Promise.all(sent.map((request) => request.answer)), 50_000);

inModes((mode) => {
  test("answers a hundred requests that are cancelled at once", async () => {
    const client = await startClient({ mode });
    client.open(uri, text);
    const sent = Array.from({ length: 100 }, (_, index) =>
      index % 2 === 0
        ? client.send("textDocument/documentSymbol", document)
        : client.send("textDocument/completion", { ...document, position: { line: index, character: 0 } }),
    );
    for (const { id } of sent) client.cancel(id);
    for (const answer of await all(sent)) {
      if (answer.error !== undefined) expect(answer.error.code).toBe(-32800);
    }
    await client.end();
  });

  test("cancels what waits, what runs and what is long answered without harm", async () => {
    const client = await startClient({ mode });
    client.open(uri, text);
    const first = client.send("textDocument/documentSymbol", document, "a");
    await first.answer;
    client.cancel("a");
    client.cancel("a");
    client.cancel(123_456);
    const second = client.send("textDocument/documentSymbol", document, "a");
    expect((await second.answer).error).toBeUndefined();
    await client.end();
  });

  test("answers every superseded completion without an error, the newest with items", async () => {
    const client = await startClient({ mode });
    client.open(uri, `${text}\n`);
    const sent: SentRequest[] = [];
    let offset = client.textOf(uri).length;
    for (const key of "function_1".repeat(5).slice(0, 50)) {
      client.edit(uri, offset, offset, offset % 10 === 9 ? " " : key);
      offset += 1;
      sent.push(
        client.send("textDocument/completion", { ...document, position: client.position(uri, offset) }),
      );
    }
    client.edit(uri, offset, offset, "\nfunction_1");
    offset += "\nfunction_1".length;
    sent.push(
      client.send("textDocument/completion", { ...document, position: client.position(uri, offset) }),
    );
    const answers = await all(sent);
    for (const answer of answers) expect(answer.error).toBeUndefined();
    const last = answers.at(-1)?.result;
    expect(listAt(last, "items").length + (Array.isArray(last) ? last.length : 0)).toBeGreaterThan(0);
    await client.end();
  });

  test("answers a flood of mixed requests between edits", async () => {
    const client = await startClient({ mode });
    client.open(uri, text);
    const sent: SentRequest[] = [];
    for (let round = 0; round < 60; round += 1) {
      client.edit(uri, 0, 0, "x");
      const position = { line: round, character: 0 };
      sent.push(
        client.send("textDocument/documentSymbol", document),
        client.send("textDocument/completion", { ...document, position }),
        client.send("textDocument/diagnostic", document),
        client.send("textDocument/foldingRange", document),
        client.send("textDocument/selectionRange", { ...document, positions: [position] }),
      );
    }
    for (const answer of await all(sent)) {
      // Not every method is offered yet; nothing else may go wrong.
      if (answer.error !== undefined) expect(answer.error.code).toBe(-32601);
    }
    expect(client.textOf(uri).startsWith("x".repeat(60))).toBe(true);
    await client.end();
  });

  test("takes two thousand edits and then knows the text", async () => {
    const client = await startClient({ mode });
    client.open(uri, "def one():\n    pass\n");
    for (let index = 0; index < 1_000; index += 1) {
      const end = client.textOf(uri).length;
      client.edit(uri, end, end, "#");
      client.edit(uri, end, end + 1, "");
    }
    client.edit(uri, 0, 0, "def zero():\n    pass\n");
    expect((await client.symbols(uri)).map((symbol) => symbol.name)).toEqual(["zero", "one"]);
    await client.end();
  });

  test("keeps answers for a client that does not read, while another client works", async () => {
    const deaf = await startClient({ mode });
    deaf.open(uri, text);
    await deaf.symbols(uri);
    deaf.hold();
    const sent = Array.from({ length: 200 }, () => deaf.send("textDocument/documentSymbol", document));

    const other = await startClient({ mode });
    other.open(uri, "def mine():\n    pass\n");
    expect((await other.symbols(uri)).map((symbol) => symbol.name)).toEqual(["mine"]);
    await other.end();

    deaf.release();
    for (const answer of await all(sent)) expect(answer.error).toBeUndefined();
    await deaf.end();
  });

  test("works for a client that never answers a request of the server", async () => {
    const client = await startClient({ mode, answer: () => never, folders: ["file:///w"] });
    client.open(uri, "def one(:\n    pass\n");
    expect((await client.symbols(uri)).map((symbol) => symbol.name)).toEqual(["one"]);
    expect((await client.findings(uri)).length).toBeGreaterThan(0);
    client.notify("workspace/didChangeConfiguration", { settings: {} });
    expect((await client.symbols(uri)).length).toBe(1);
    await client.end();
  });

  test("keeps two hundred open documents apart", async () => {
    const client = await startClient({ mode });
    const uris = Array.from({ length: 200 }, (_, index) => `file:///w/many/file_${index}.py`);
    uris.forEach((each, index) => client.open(each, `def only_${index}():\n    pass\n`));
    uris.forEach((each, index) => client.edit(each, 0, 0, `def also_${index}():\n    pass\n`));
    const sent = uris.map((each) =>
      client.send("textDocument/documentSymbol", { textDocument: { uri: each } }),
    );
    (await all(sent)).forEach((answer, index) => {
      const names = (answer.result as readonly unknown[]).map((symbol) => at(symbol, "name"));
      expect(names).toEqual([`also_${index}`, `only_${index}`]);
    });
    for (const each of uris) client.close(each);
    await client.end();
  });

  test("serves several clients with one document of the same name each", async () => {
    const clients = [];
    for (let index = 0; index < 5; index += 1) {
      const client = await startClient({ mode });
      client.open(uri, `def of_${index}():\n    pass\n`);
      clients.push(client);
    }
    for (const [index, client] of clients.entries()) {
      expect((await client.symbols(uri)).map((symbol) => symbol.name)).toEqual([`of_${index}`]);
    }
    const [first, ...others] = clients;
    await first?.end();
    for (const client of others) expect(await client.symbols(uri)).toHaveLength(1);
    for (const client of others) await client.end();
  });
});
