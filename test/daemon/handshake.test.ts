// The first line on the daemon's socket, over a pair in memory and over a real socket.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLineReader, encodeLine, readHello, shakeHands } from "../../server/daemon/handshake.ts";
import { connectToSocket, createConnectionPair, listenOnSocket } from "../../server/platform/index.ts";
import type { Connection } from "../../server/platform/index.ts";

const hello = { role: "session", pid: 7, parentPid: 6 } as const;

describe("the line reader", () => {
  it("finds the line and what follows it, however the bytes are cut", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.array(fc.nat(80), { maxLength: 6 }), (rest, cuts) => {
        const line = encodeLine(hello);
        const bytes = new Uint8Array([...line, ...rest]);
        const reader = createLineReader();
        let at = 0;
        let found: unknown;
        const after: number[] = [];
        for (const cut of [...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length]) {
          const chunk = bytes.slice(at, cut);
          at = cut;
          if (found !== undefined) {
            after.push(...chunk);
            continue;
          }
          const read = reader.push(chunk);
          if (read === undefined || typeof read === "string") continue;
          found = readHello(read.value);
          after.push(...read.rest);
        }
        expect(found).toEqual(hello);
        expect(after).toEqual([...rest]);
      }),
    );
  });

  it.each([
    ["GET / HTTP/1.1\r\n", "the first line is no JSON"],
    ["[1]\n", "the first line is no object"],
    ['{"hearth":99,"role":"session"}\n', "the other side speaks another version of hearth"],
    ["x".repeat(5_000), "the first line is too long"],
  ])("refuses %j", (text, reason) => {
    expect(createLineReader().push(new TextEncoder().encode(text))).toBe(reason);
  });

  it.each([
    [{ role: "session" }],
    [{ role: "control", pid: 1, command: "format-disk" }],
    [{ role: "king", pid: 1 }],
  ])("knows no peer like %j", (value) => {
    expect(readHello(value)).toBeUndefined();
  });
});

async function overSocket(use: (client: Connection, server: Connection) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "hh-"));
  const path = join(folder, "s");
  let resolveServer: (connection: Connection) => void = () => undefined;
  const accepted = new Promise<Connection>((resolve) => (resolveServer = resolve));
  const server = await listenOnSocket(path, resolveServer, () => undefined);
  try {
    const client = await connectToSocket(path, 5_000);
    if (!client.ok) throw new Error(client.failure.reason);
    await use(client.value, await accepted);
    client.value.destroy();
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const doors: readonly [
  string,
  (use: (client: Connection, server: Connection) => Promise<void>) => Promise<void>,
][] = [
  ["a pair in memory", async (use) => use(...createConnectionPair())],
  ["a real socket", overSocket],
];

describe.each(doors)("a handshake over %s", (_name, connect) => {
  it("gives the connection back with every byte that came behind the first line", async () => {
    await connect(async (client, server) => {
      const heard: number[] = [];
      server.listen({ onBytes: (chunk) => heard.push(...chunk), onEnd: () => undefined });
      server.write(new Uint8Array([...encodeLine({ ok: true, pid: 1 }), 1, 2, 3]));
      const shaken = await shakeHands(client, hello, 5_000);
      if (!shaken.ok) throw new Error(shaken.failure.reason);
      const got: number[] = [];
      const ended = new Promise<string>((resolve) =>
        shaken.value.connection.listen({ onBytes: (chunk) => got.push(...chunk), onEnd: resolve }),
      );
      server.write(new Uint8Array([4, 5]));
      server.end();
      await ended;
      expect(got).toEqual([1, 2, 3, 4, 5]);
      expect(new TextDecoder().decode(new Uint8Array(heard))).toContain('"role":"session"');
    });
  });

  it("fails when the other side hangs up, and when it says nothing", async () => {
    await connect(async (client, server) => {
      server.listen({ onBytes: () => server.destroy(), onEnd: () => undefined });
      expect(await shakeHands(client, hello, 5_000)).toMatchObject({
        ok: false,
        failure: { kind: "closed" },
      });
    });
    await connect(async (client, server) => {
      server.listen({ onBytes: () => undefined, onEnd: () => undefined });
      expect(await shakeHands(client, hello, 30)).toMatchObject({ ok: false, failure: { kind: "silent" } });
    });
  });
});

describe("a connection that fails", () => {
  it("says that nobody is there, for a missing socket and for one whose owner died", async () => {
    const folder = mkdtempSync(join(tmpdir(), "hh-"));
    expect(await connectToSocket(join(folder, "none"), 1_000)).toMatchObject({
      ok: false,
      failure: { kind: "nobody" },
    });
    rmSync(folder, { recursive: true });
  });
});
