// The default model: by hardware where a hub answers, the small one from a package where none does.
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readCatalogue } from "../../server/inference/supply/catalogue.ts";
import { chooseDefault } from "../../server/inference/supply/default-choice.ts";
import type { Situation } from "../../server/inference/supply/default-choice.ts";
import { createHubProbe } from "../../server/inference/supply/hub-probe.ts";
import {
  createManualClock,
  resolvePaths,
  systemDownloads,
  systemFiles,
} from "../../server/platform/index.ts";
import { startFileServer } from "./kit/file-server.ts";
import type { FileServer } from "./kit/file-server.ts";
import { makeModelOfSize } from "./kit/gguf.ts";
import { makeSupply, scaledClock, sha256 } from "./kit/supply-kit.ts";

const { entries, defaults } = await readCatalogue(
  systemFiles,
  join(resolvePaths({}).packageRoot, "models/catalog.json"),
);
const laptop: Situation = {
  memoryBytes: 16e9,
  cores: 8,
  gpuMemoryBytes: 0,
  isHubReachable: true,
  isOffline: false,
  presentIds: [],
};

test.each<readonly [string, Partial<Situation>, string]>([
  ["a laptop", {}, "qwen2.5-coder-1.5b"],
  ["a machine sold with 8 GB", { memoryBytes: 7.7e9, cores: 4 }, "qwen2.5-coder-1.5b"],
  ["4 GB of memory", { memoryBytes: 4e9 }, "qwen2.5-coder-0.5b"],
  ["two cores", { cores: 2 }, "qwen2.5-coder-0.5b"],
  ["a GPU with 8 GB", { gpuMemoryBytes: 8.5e9 }, "qwen2.5-coder-7b"],
  ["a GPU with 6 GB", { gpuMemoryBytes: 6.4e9 }, "qwen2.5-coder-1.5b"],
  ["two cores beside a large GPU", { cores: 2, gpuMemoryBytes: 24e9 }, "qwen2.5-coder-7b"],
  ["no hub", { isHubReachable: false }, "smollm2-135m-instruct"],
  ["the offline setting", { isOffline: true }, "smollm2-135m-instruct"],
  [
    "no hub but the model is here",
    { isHubReachable: false, presentIds: ["qwen2.5-coder-1.5b"] },
    "qwen2.5-coder-1.5b",
  ],
  [
    "no hub, and a model that is too large is here",
    { isHubReachable: false, presentIds: ["qwen2.5-coder-7b"] },
    "smollm2-135m-instruct",
  ],
])("%s gets its model", (_, difference, id) => {
  const choice = chooseDefault(entries, defaults, { ...laptop, ...difference });
  expect(choice?.entry.id).toBe(id);
  expect(choice?.reason).not.toBe("");
});

test("a model that needs consent is never chosen", () => {
  const ids = [defaults.withoutHub, ...defaults.byHardware.map(({ model }) => model)];
  for (const entry of entries.filter(({ needsConsent }) => needsConsent)) expect(ids).not.toContain(entry.id);
});

let server: FileServer;
beforeEach(async () => {
  server = await startFileServer();
});
afterEach(() => server.close());
const noSignal = new AbortController().signal;

test("asks the hub once, briefly, and remembers a yes for longer than a no", async () => {
  const time = createManualClock();
  const clock = { ...scaledClock(0.5), nowMs: () => time.nowMs() };
  const probe = createHubProbe({
    downloads: systemDownloads,
    clock,
    settings: () => ({ isOffline: false, hubEndpoint: server.url }),
  });
  server.next(() => undefined);
  expect(await probe.isReachable(noSignal)).toBe(false);
  expect(await probe.isReachable(noSignal)).toBe(false);
  expect(server.requests.map(({ method }) => method)).toEqual(["HEAD"]);
  time.advance(61_000);
  // Any answer is a yes, also a refusal.
  server.next((_, response) => void response.writeHead(403).end());
  expect(await probe.isReachable(noSignal)).toBe(true);
  time.advance(300_000);
  expect(await probe.isReachable(noSignal)).toBe(true);
  expect(server.requests).toHaveLength(2);
});

test("asks nobody when offline, nor with an address that is not encrypted", async () => {
  for (const settings of [
    { isOffline: true, hubEndpoint: server.url },
    { isOffline: false, hubEndpoint: "http://hub.example" },
  ]) {
    const deps = { downloads: systemDownloads, clock: scaledClock(0.01), settings: () => settings };
    expect(await createHubProbe(deps).isReachable(noSignal)).toBe(false);
  }
  expect(server.requests).toEqual([]);
});

test("asks nobody when the best model is here already", async () => {
  const model = makeModelOfSize(1000);
  server.serve(model, '"one"');
  const kit = await makeSupply(
    { sources: [[`${server.url}/m`]], sha256: sha256(model), bytes: model.length },
    { supplySettings: { hubEndpoint: server.url } },
  );
  const machine = { memoryBytes: 16e9, cores: 8, gpuMemoryBytes: 0 };
  expect((await kit.supplier.chooseDefault(machine, noSignal))?.entry.id).toBe("tiny");
  expect(server.requests.map(({ method }) => method)).toEqual(["HEAD"]);
  await kit.supplier.fetch(kit.entry, { signal: noSignal, onProgress: () => undefined });
  const later = await kit.restart();
  expect((await later.chooseDefault(machine, noSignal))?.entry.id).toBe("tiny");
  expect(server.requests.map(({ method }) => method)).toEqual(["HEAD", "GET"]);
});
