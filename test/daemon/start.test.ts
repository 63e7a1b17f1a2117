// Starting: one daemon for many editors, whatever an earlier one left behind.
import { chmodSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { startClient } from "../kit/client.ts";
import { childrenOf, copyBuild, createHearthHome } from "../kit/hearth-home.ts";
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

/** Daemons that ever became ready in this home. */
function readyDaemons(of: HearthHome): number {
  return of.log().split("daemon ready").length - 1;
}

describe("starting", () => {
  it("serves ten editors that start at once from one daemon", async () => {
    const place = home();
    const clients = await Promise.all(
      Array.from({ length: 10 }, () => startClient({ mode: place.mode("daemon") })),
    );
    const status = await place.daemon();
    expect(status.sessions).toHaveLength(10);
    expect(new Set(status.sessions.map((session) => session.forwarderPid)).size).toBe(10);
    expect(readyDaemons(place)).toBe(1);
    for (const client of clients) await client.end();
    await until("all sessions end", async () => (await place.daemon()).sessions.length === 0);
  });

  it("takes the place of a daemon that was killed: its socket is there, nobody answers", async () => {
    const place = home();
    const first = await startClient({ mode: place.mode("daemon") });
    const { pid } = await place.daemon();
    await first.abandon();
    process.kill(pid, "SIGKILL");
    expect(place.builds()).toHaveLength(1);
    const clients = await Promise.all(
      Array.from({ length: 4 }, () => startClient({ mode: place.mode("daemon") })),
    );
    expect((await place.daemon()).pid).not.toBe(pid);
    expect((await place.daemon()).sessions).toHaveLength(4);
    for (const client of clients) await client.end();
  });

  it("takes over the start lock of a dead process, once, however many want it", async () => {
    const place = home();
    const probe = await startClient({ mode: place.mode("daemon") });
    const { build, pid } = await place.daemon();
    await probe.abandon();
    process.kill(pid, "SIGKILL");
    await until("the daemon is gone", async () => (await place.status()) === undefined);
    const before = readyDaemons(place);
    // No process has this number: it is above the kernel's limit.
    writeFileSync(join(place.folder, "run", `${build}.lock`), "99999999 dead");
    const clients = await Promise.all(
      Array.from({ length: 6 }, () => startClient({ mode: place.mode("daemon") })),
    );
    expect((await place.daemon()).sessions).toHaveLength(6);
    expect(readyDaemons(place) - before).toBe(1);
    for (const client of clients) await client.end();
  });

  it("gives another build a daemon of its own", async () => {
    const place = home();
    const client = await startClient({ mode: place.mode("daemon") });
    const { build } = await place.daemon();
    const other = createHearthHome({
      folder: place.folder,
      main: copyBuild(join(place.folder, "copy"), ["node_modules", "grammars", "models"]),
    });
    const otherClient = await startClient({ mode: other.mode("daemon") });
    expect(place.builds()).toHaveLength(2);
    const otherBuild = place.builds().find((name) => name !== build) ?? "";
    expect((await place.status(build))?.sessions).toHaveLength(1);
    expect((await place.status(otherBuild))?.sessions).toHaveLength(1);
    await otherClient.end();
    await client.end();
    expect(other.command(["stop"]).exitCode).toBe(0);
    expect(place.builds()).toEqual([build]);
  });

  it("keeps the socket to this user alone", async () => {
    const place = home();
    const client = await startClient({ mode: place.mode("daemon") });
    const { socket } = await place.daemon();
    expect(statSync(join(place.folder, "run")).mode & 0o777).toBe(0o700);
    expect(statSync(socket ?? "").mode & 0o777).toBe(0o600);
    await client.end();
  });

  it("refuses a socket folder that others can write to, says so, and serves from a process of its own", async () => {
    const place = home();
    mkdirSync(join(place.folder, "run"), { mode: 0o777 });
    chmodSync(join(place.folder, "run"), 0o777);
    const client = await startClient({ mode: place.mode("daemon") });
    await until("the editor is told", () =>
      client.notes.find((note) => JSON.stringify(note).includes("can be written by other users")),
    );
    expect(place.builds()).toEqual([]);
    expect(childrenOf(client.server.pid ?? -1)).toHaveLength(1);
    await client.end();
  });

  it("finds a short name for a home whose path is too long for a socket", async () => {
    const base = home();
    const place = createHearthHome({ folder: join(base.folder, "x".repeat(60), "y".repeat(60)) });
    homes.push(place);
    const client = await startClient({ mode: place.mode("daemon") });
    const { socket } = await place.daemon();
    expect(Buffer.byteLength(socket ?? "")).toBeLessThan(100);
    await client.end();
  });

  it("does not take a foreign server on its socket for a daemon", async () => {
    const place = home();
    const probe = await startClient({ mode: place.mode("daemon") });
    const { build, socket } = await place.daemon();
    await probe.end();
    expect(place.command(["stop"]).exitCode).toBe(0);
    const foreign = createServer((peer) => peer.end("220 mail.example ESMTP\r\n"));
    await new Promise<void>((resolve) => foreign.listen(join(place.folder, "run", `${build}.sock`), resolve));
    expect(socket).toContain(build);
    const client = await startClient({ mode: place.mode("daemon") });
    expect(client.initializeResult).toBeDefined();
    await client.end();
    foreign.close();
  });

  it("starts a new daemon when the socket file was deleted, and the old one ends with its last session", async () => {
    const place = home();
    const first = await startClient({ mode: place.mode("daemon") });
    const old = await place.daemon();
    rmSync(old.socket ?? "");
    const second = await startClient({ mode: place.mode("daemon") });
    expect((await place.daemon()).pid).not.toBe(old.pid);
    // The session of the old daemon goes on.
    first.open("file:///w/a.py", "def left(): pass\n");
    expect((await first.symbols("file:///w/a.py")).map((symbol) => symbol.name)).toEqual(["left"]);
    await first.end();
    await until("the old daemon ends", () => !isAlive(old.pid));
    expect((await place.daemon()).sessions).toHaveLength(1);
    await second.end();
  });

  it("ends when nobody needed it for its idle time", async () => {
    const place = home({ HEARTH_IDLE_EXIT_MS: "300" });
    const client = await startClient({ mode: place.mode("daemon") });
    const { pid, socket } = await place.daemon();
    await client.end();
    await until("the daemon ends", () => !isAlive(pid));
    expect(statSync(socket ?? "", { throwIfNoEntry: false })).toBeUndefined();
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // There is no such process.
    return false;
  }
}
