// Ends: of the editor, of its stream, of the daemon; and editors that do not read.
import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { connectClient, startClient } from "../kit/client.ts";
import { childrenOf, createHearthHome } from "../kit/hearth-home.ts";
import type { Forwarder, HearthHome } from "../kit/hearth-home.ts";
import { encodeMessage } from "../../server/daemon/rpc.ts";
import { createFrameDecoder, encodeFrame } from "../../server/wire/index.ts";
import { until, within } from "../kit/waiting.ts";

const homes: HearthHome[] = [];
function home(environment: NodeJS.ProcessEnv = {}): HearthHome {
  const created = createHearthHome({ environment });
  homes.push(created);
  return created;
}
afterEach(async () => {
  for (const used of homes.splice(0)) await used.destroy();
});

const forms = [
  { name: "daemon", args: [] },
  { name: "standalone", args: ["--standalone"] },
] as const;
/** The bar of reliability-anchors: gone five seconds after the editor. */
const GONE_MS = 5_000;

for (const { name, args } of forms) {
  describe(`the ${name} form`, () => {
    it.each([
      ["before initialize", ""],
      ["in the middle of a header", "Content-Le"],
      ["in the middle of a frame", 'Content-Length: 4000\r\n\r\n{"jsonrpc":"2.0","id":2,'],
    ])("is gone when its editor's stream ends %s", async (_when, tail) => {
      const place = home();
      const client = await connectClient({ mode: place.mode(name, args) });
      if (tail !== "") {
        await client.handshake();
        await client.sendRaw(tail);
      }
      client.hangUp();
      expect(await within("the process ends", client.server.exited, GONE_MS)).toBe(1);
    });

    it("is gone when its editor was killed while requests were open", async () => {
      const place = home();
      const client = await startClient({ mode: place.mode(name, args) });
      client.open("file:///w/a.py", "def f(): pass\n");
      for (let at = 0; at < 50; at += 1)
        client.send("textDocument/documentSymbol", { textDocument: { uri: "file:///w/a.py" } });
      const forwarder = client.server as Forwarder;
      forwarder.child.stdout.destroy();
      client.hangUp();
      await within("the process ends", client.server.exited, GONE_MS);
      if (name === "daemon") {
        await until("its session ends", async () => (await place.daemon()).sessions.length === 0);
      }
    });

    it("says what is wrong with a stream that cannot be read, and ends with 1", async () => {
      const place = home();
      const client = await startClient({ mode: place.mode(name, args) });
      await client.sendRaw("Content-Length: abc\r\n\r\n{}");
      expect(await within("the process ends", client.server.exited, GONE_MS)).toBe(1);
      expect(client.server.complaints()).toContain("Content-Length");
    });

    it("stays small and loses no answer while its editor does not read", async () => {
      const place = home();
      const forwarder = place.start(args);
      const raw = rawEditor(forwarder);
      raw.send({ id: 1, method: "initialize", params: { capabilities: {}, processId: null } });
      await until("initialize is answered", () => raw.answered.has(1));
      raw.send({ method: "initialized", params: {} });
      const uri = "file:///w/big.py";
      const text = Array.from({ length: 2_000 }, (_, at) => `def function_number_${at}(): pass\n`).join("");
      raw.send({
        method: "textDocument/didOpen",
        params: { textDocument: { uri, languageId: "python", version: 1, text } },
      });
      const ask = (id: number): void =>
        raw.send({ id, method: "textDocument/documentSymbol", params: { textDocument: { uri } } });
      ask(2);
      await until("the first answer is there", () => raw.answered.has(2));
      const server =
        name === "daemon" ? (await place.daemon()).pid : (childrenOf(forwarder.pid)[0] ?? Number.NaN);
      const before = residentMegabytes(forwarder.pid);
      let peak = 0;
      forwarder.child.stdout.pause();
      // About 350 KB each: 70 MB for an editor that takes none of it.
      for (let id = 3; id < 203; id += 1) ask(id);
      await until("the server has had the time to answer all", async () => {
        peak = Math.max(peak, residentMegabytes(forwarder.pid));
        return (place.log().match(/"method":"textDocument\/documentSymbol"/g)?.length ?? 0) >= 100;
      });
      console.log(
        `${name}: deaf editor: forwarder +${peak - before} MB, server ${residentMegabytes(server)} MB`,
      );
      expect(peak - before).toBeLessThan(40);
      forwarder.child.stdout.resume();
      await until("all answers arrive", () => raw.answered.size === 202);
      forwarder.child.stdin.end();
      await within("the process ends", forwarder.exited, GONE_MS);
    });
  });
}

describe("a private process", () => {
  it("ends with its editor", async () => {
    const place = home();
    const client = await startClient({ mode: place.mode("standalone", ["--standalone"]) });
    const children = childrenOf(client.server.pid ?? -1);
    expect(children).toHaveLength(1);
    await client.end();
    await until("it is gone", () => children.every((pid) => !exists(pid)));
  });
});

describe("a daemon that is stopped", () => {
  it("tells its sessions, which go on with another one when their editor needs it", async () => {
    const place = home();
    const client = await startClient({ mode: place.mode("daemon") });
    client.open("file:///w/a.py", "def before(): pass\n");
    await client.symbols("file:///w/a.py");
    const { pid, socket } = await place.daemon();
    process.kill(pid, "SIGTERM");
    await until("it is gone", () => !exists(pid));
    expect(place.builds()).toEqual([]);
    client.edit("file:///w/a.py", 0, 0, "def added(): pass\n");
    expect((await client.symbols("file:///w/a.py")).map((symbol) => symbol.name)).toEqual([
      "added",
      "before",
    ]);
    expect((await place.daemon()).socket).toBe(socket);
    await client.end();
  });

  it("says no to a request in flight in no other way than with an answer", async () => {
    const place = home();
    const client = await startClient({ mode: place.mode("daemon") });
    const uri = "file:///w/a.py";
    client.open(uri, "def f(): pass\n".repeat(20_000));
    const asked = Array.from({ length: 20 }, () =>
      client.request("textDocument/documentSymbol", { textDocument: { uri } }),
    );
    process.kill((await place.daemon()).pid, "SIGTERM");
    await Promise.all(asked);
    await client.end();
  });
});

/** Counts answers and looks at nothing else: 70 MB under the oracle's eyes take a minute. */
function rawEditor(forwarder: Forwarder): {
  readonly answered: ReadonlySet<number>;
  send(message: object): void;
} {
  const decoder = createFrameDecoder();
  const answered = new Set<number>();
  forwarder.child.stdout.on("data", (chunk: Buffer) => {
    for (const event of decoder.push(chunk)) {
      if (event.kind !== "frame") throw new Error(event.reason);
      const id = /"id":(\d+)/.exec(
        new TextDecoder().decode(event.body.slice(-60)) + new TextDecoder().decode(event.body.slice(0, 60)),
      )?.[1];
      if (id !== undefined) answered.add(Number(id));
    }
  });
  return {
    answered,
    send: (message) => void forwarder.child.stdin.write(encodeFrame(encodeMessage(message))),
  };
}

function residentMegabytes(pid: number): number {
  try {
    const pages = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return Math.round(Number(pages ?? 0) / 1024);
  } catch {
    // The process is gone.
    return 0;
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // There is no such process.
    return false;
  }
}
