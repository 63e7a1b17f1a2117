// Standard output carries frames only: whatever native code prints in the process that holds the model, also while it aborts.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { startClient } from "../kit/client.ts";
import { createHearthHome } from "../kit/hearth-home.ts";
import type { HearthHome } from "../kit/hearth-home.ts";
import { until } from "../kit/waiting.ts";

const homes: HearthHome[] = [];
afterEach(async () => {
  for (const used of homes.splice(0)) await used.destroy();
});
const preload = new URL("../fixtures/noisy-preload.cjs", import.meta.url).pathname;

describe.each([
  { name: "daemon", args: [] },
  { name: "standalone", args: ["--standalone"] },
])("the $name form", ({ name, args }) => {
  it("keeps a protocol without a stray byte while its server prints and aborts", async () => {
    const place = createHearthHome({ environment: { NODE_OPTIONS: `--require ${preload}` } });
    homes.push(place);
    const trigger = join(place.folder, "abort");
    const client = await startClient({ mode: place.mode(name, args, { TEST_ABORT_FILE: trigger }) });
    const uri = "file:///w/a.py";
    client.open(uri, "def before(): pass\n");
    const output = (): string => readFileSync(join(place.folder, "state/daemon-output.log"), "utf8");
    const abort = async (text: string): Promise<void> => {
      writeFileSync(trigger, "");
      const asked = client.request("textDocument/completion", {
        textDocument: { uri },
        position: { line: 0, character: 4 },
      });
      await until(
        "the server aborts",
        () => output().split("GGML_ASSERT failed").length > text.split("GGML").length,
      );
      await asked;
    };
    await abort("");
    await until("the next server knows the text", async () => (await client.symbols(uri)).length === 1);
    await abort("GGML");
    await until("the next server knows the text", async () => (await client.symbols(uri)).length === 1);
    expect(output()).toContain("noise on descriptor 1");
    expect(output()).toContain("noise on descriptor 2");
    expect(output()).toContain("noise by the console");
    // A torn or foreign byte would have broken the client's reader; the oracle has seen every message.
    await client.end();
  });
});
