// Full disks, folders that cannot be made, bugs, frozen and doubled daemons: a clear word, nothing lost, never a hang.
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { isProcessAlive } from "../../server/daemon/liveness.ts";
import { encodeMessage } from "../../server/daemon/rpc.ts";
import { encodeFrame } from "../../server/wire/index.ts";
import { startClient } from "../kit/client.ts";
import type { TestClient } from "../kit/client.ts";
import { childrenOf, copyBuild, createHearthHome } from "../kit/hearth-home.ts";
import type { Forwarder, HearthHome } from "../kit/hearth-home.ts";
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
const uri = "file:///w/a.py";

async function expectService(client: TestClient): Promise<void> {
  client.open(uri, "def works(): pass\n");
  expect((await client.symbols(uri)).map((symbol) => symbol.name)).toEqual(["works"]);
}

describe("a daemon", () => {
  it("serves although the disk of its log is full, and ends when it is told to", async () => {
    const place = home({ HEARTH_LOG_LEVEL: "debug" });
    mkdirSync(join(place.folder, "state"));
    for (const file of ["daemon.log", "daemon-output.log"]) {
      symlinkSync("/dev/full", join(place.folder, "state", file));
    }
    const client = await startClient({ mode: place.mode("daemon") });
    await expectService(client);
    const { pid } = await place.daemon();
    for (let round = 0; round < 50; round += 1) await client.symbols(uri);
    expect((await place.daemon()).pid).toBe(pid);
    await client.end();
    process.kill(pid, "SIGTERM");
    await until("the daemon's process has ended", () => (isProcessAlive(pid) ? undefined : true));
  });

  it.each([
    ["debug", true],
    ["warn", false],
  ])("logs at the level %s that the user's file says", async (level, isChatty) => {
    const place = home({ HEARTH_LOG_LEVEL: "" });
    mkdirSync(join(place.folder, "config"));
    writeFileSync(join(place.folder, "config", "settings.json"), JSON.stringify({ "log.level": level }));
    const client = await startClient({ mode: place.mode("daemon") });
    await expectService(client);
    // A change of an unknown document is worth a warning, and its details a line for those who debug.
    client.notify("textDocument/didChange", {
      textDocument: { uri: "file:///w/never-opened.py", version: 2 },
      contentChanges: [{ text: "x" }],
    });
    await until("the warning is logged", () =>
      place.log().includes("could not be applied as sent") ? true : undefined,
    );
    await client.end();
    await until("the daemon is stopped", () => (place.command(["stop"]).exitCode === 0 ? true : undefined));
    expect(place.log().includes("what could not be applied")).toBe(isChatty);
    expect(place.log().includes("a client was initialized")).toBe(isChatty);
  });

  it("tells the editor that its model was switched off after two crashes", async () => {
    const model = new URL("../fixtures/no-such-model.gguf", import.meta.url).href;
    const place = home({ HEARTH_MODEL_ID: model });
    const first = await startClient({ mode: place.mode("daemon") });
    const modelId = await until("the daemon knows its model", async () => {
      return (await place.daemon()).inference.modelId;
    });
    await first.end();
    expect(place.command(["stop"]).exitCode).toBe(0);
    writeFileSync(
      join(place.folder, "state", "model-crashes.json"),
      JSON.stringify({ [modelId]: { count: 2, phase: "working" } }),
    );
    const client = await startClient({ mode: place.mode("daemon") });
    const told = await until("the editor is told", () =>
      client.notes.find((note) => note.method === "window/showMessage"),
    );
    expect(JSON.stringify(told.params)).toContain("hearth models retry");
    await client.end();
  });

  it("serves where no folder can be made, privately, and the editor is told why", async () => {
    const place = createHearthHome({ environment: { HEARTH_HOME: "/dev/null/hearth" } });
    homes.push(place);
    const client = await startClient({ mode: place.mode("daemon") });
    await expectService(client);
    const told = await until("the editor is told", () =>
      client.notes.find((note) => note.method === "window/showMessage"),
    );
    expect(JSON.stringify(told.params)).toContain("HEARTH_HOME");
    await client.end();
  });

  it("survives its own bugs and shows them", async () => {
    const preload = new URL("../fixtures/throwing-preload.cjs", import.meta.url).pathname;
    const place = home({ NODE_OPTIONS: `--require ${preload}` });
    const client = await startClient({ mode: place.mode("daemon") });
    const { pid } = await place.daemon();
    const status = await until("both bugs are recorded", async () => {
      const found = await place.daemon();
      return found.bugs.length === 2 ? found : undefined;
    });
    expect(status.bugs.map((bug) => bug.message).sort()).toEqual([
      "rejected by the fixture",
      "thrown by the fixture",
    ]);
    expect(status.pid).toBe(pid);
    await expectService(client);
    await client.end();
  });

  it("does not take the place of one that serves already", async () => {
    const place = home();
    const client = await startClient({ mode: place.mode("daemon") });
    const { pid } = await place.daemon();
    const second = place.command(["daemon"]);
    expect(second).toMatchObject({ exitCode: 0 });
    expect(second.complaints).toContain("serves already");
    expect((await place.daemon()).pid).toBe(pid);
    await expectService(client);
    await client.end();
  });

  it("that is frozen costs the forwarder no memory, and loses nothing when it thaws", async () => {
    const place = home();
    const client = await startClient({ mode: place.mode("daemon") });
    const { pid } = await place.daemon();
    const forwarder = client.server as Forwarder;
    process.kill(pid, "SIGSTOP");
    try {
      const before = residentMegabytes(forwarder.pid);
      const text = "x = 1\n".repeat(100_000);
      // 24 MB of text for a daemon that takes none of it; written beside the client, which would mirror every one.
      for (let version = 1; version <= 40; version += 1) {
        const textDocument = { uri: `file:///w/${version}.txt`, languageId: "plaintext", version, text };
        forwarder.child.stdin.write(
          encodeFrame(encodeMessage({ method: "textDocument/didOpen", params: { textDocument } })),
        );
      }
      let peak = 0;
      for (let look = 0; look < 20; look += 1) {
        peak = Math.max(peak, residentMegabytes(forwarder.pid));
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      // Read and mirrored it would be twice as much.
      expect(peak - before).toBeLessThan(20);
    } finally {
      process.kill(pid, "SIGCONT");
    }
    await expectService(client);
    expect((await place.daemon()).pid).toBe(pid);
    await client.abandon();
  });
});

describe("an installation without its libraries", () => {
  it("tells the editor what is wrong instead of leaving it waiting, and the forwarder needs none of them", async () => {
    const base = home();
    const place = createHearthHome({
      folder: join(base.folder, "h"),
      main: copyBuild(join(base.folder, "copy"), []),
    });
    homes.push(place);
    await expect(startClient({ mode: place.mode("daemon") })).rejects.toThrow(
      /could not start its daemon.*hearth doctor/,
    );
  });
});

describe("a private process", () => {
  it("is gone when its forwarder is killed", async () => {
    const place = home();
    const client = await startClient({ mode: place.mode("standalone", ["--standalone"]) });
    const forwarder = client.server as Forwarder;
    const [child] = childrenOf(forwarder.pid);
    forwarder.child.kill("SIGKILL");
    await within("the forwarder ends", forwarder.exited);
    await until("its process ends", () => child !== undefined && residentMegabytes(child) === 0);
  });
});

function residentMegabytes(pid: number): number {
  try {
    const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return Math.round(Number(kilobytes ?? 0) / 1024);
  } catch {
    // The process is gone.
    return 0;
  }
}
