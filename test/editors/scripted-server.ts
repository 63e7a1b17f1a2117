// A session with suggestions that the test writes down, behind a TCP port: editors can be connected to it without a process.
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { createAcceptance } from "../../server/features/index.ts";
import type { AcceptanceRow } from "../../server/features/index.ts";
import { modelItems } from "../../server/features/completion/menu-items.ts";
import { createManualClock, createMemoryFolderFiles, silentLog } from "../../server/platform/index.ts";
import { expectNoBugs, sessionMode } from "../session/session-mode.ts";

export interface ScriptedServer {
  readonly port: number;
  /** What was accepted so far, previews set aside and everything judged. */
  counts(): readonly AcceptanceRow[];
  stop(): Promise<void>;
}

/** Suggests those of the texts that start with the word before the cursor. */
export async function serveSuggestions(suggested: readonly string[]): Promise<ScriptedServer> {
  const clock = createManualClock();
  const acceptance = createAcceptance({ files: createMemoryFolderFiles(), clock, log: silentLog });
  const mode = sessionMode({
    acceptance,
    completion: {
      complete(query) {
        const { content } = query.snapshot.text;
        const typed = /\w*$/.exec(content.slice(0, query.offset))?.[0] ?? "";
        const span = { start: query.offset - typed.length, end: query.offset };
        const items = suggested
          .filter((text) => text.startsWith(typed))
          .flatMap((newText) => modelItems({ kept: newText, isDoubtful: false, edit: { ...span, newText } }))
          .map((item, rank) => ({ ...item, rank }));
        return Promise.resolve({
          items,
          isIncomplete: false,
          model: { outcome: "answered", tokens: undefined },
        });
      },
    },
  });
  const ends: (() => Promise<void>)[] = [];
  const server = createServer((socket) => {
    void mode.start().then((started) => {
      const { stream } = started;
      ends.push(async () => {
        socket.destroy();
        await started.destroy();
      });
      stream.listen(
        (bytes) => socket.write(bytes),
        () => socket.end(),
      );
      socket.on("data", (bytes) => void stream.write(bytes));
      socket.on("close", () => stream.end());
      // An editor that quits may reset the connection.
      socket.on("error", () => stream.end());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    counts() {
      clock.advance(60_000);
      return acceptance.rows();
    },
    async stop() {
      for (const end of ends) await end();
      await new Promise((resolve) => server.close(resolve));
      expectNoBugs(mode);
    },
  };
}
