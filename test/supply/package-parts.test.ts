// A model that comes with hearth in parts: joined and checked at its first use, without any network, or the reason is told.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createModelSupplier, isBundled } from "../../server/inference/index.ts";
import type { SupplyFailure } from "../../server/inference/index.ts";
import {
  createMemoryFiles,
  systemDownloads,
  systemFiles,
  systemProcesses,
} from "../../server/platform/index.ts";
import { buildFixtureModel } from "../kit/fixture-model.ts";
import { makeFaultyFiles } from "./kit/faulty-files.ts";
import { makeModelOfSize } from "./kit/gguf.ts";
import { briefPauses, catalogueOf, makeSupply, sha256 } from "./kit/supply-kit.ts";
import type { SupplyKit } from "./kit/supply-kit.ts";

const model = makeModelOfSize(1_000_000);
const uris = ["package:parts/m.gguf.part00", "package:parts/m.gguf.part01", "package:parts/m.gguf.part02"];
const parts = cut(model);
const entry = { sources: [uris], bytes: model.length, sha256: sha256(model) };
const quiet = { signal: new AbortController().signal, onProgress: () => undefined };
const offline = { isOffline: true };

function cut(bytes: Uint8Array): readonly Uint8Array[] {
  return [bytes.subarray(0, 400_000), bytes.subarray(400_000, 800_000), bytes.subarray(800_000)];
}

function partOf(index: number): Uint8Array {
  const part = parts[index];
  if (part === undefined) throw new Error(`there is no part ${index}`);
  return part;
}

function partPath(kit: SupplyKit, index: number): string {
  return join(kit.folder, "parts", `m.gguf.part0${index}`);
}

async function makeKit(options: Parameters<typeof makeSupply>[1] = {}, given = parts): Promise<SupplyKit> {
  const kit = await makeSupply(entry, { supplySettings: offline, ...options });
  mkdirSync(join(kit.folder, "parts"));
  given.forEach((bytes, index) => writeFileSync(partPath(kit, index), bytes));
  return kit;
}

async function failureOf(kit: SupplyKit): Promise<SupplyFailure> {
  const result = await kit.supplier.fetch(kit.entry, quiet);
  if (result.ok) throw new Error("the parts should not have been joined");
  expect(kit.supplier.explain(result.failure)).toMatch(/^\S.+[.]$/);
  expect(await kit.supplier.find(kit.entry)).toBeUndefined();
  return result.failure;
}

test("joins the parts once, offline, and needs them no more", async () => {
  const kit = await makeKit();
  const path = kit.supplier.pathOf(kit.entry);
  expect(await kit.supplier.find(kit.entry)).toBeUndefined();
  expect(await kit.supplier.fetch(kit.entry, quiet)).toEqual({ ok: true, value: path });
  expect(sha256(readFileSync(path))).toBe(entry.sha256);
  // The model and its stamp.
  expect(readdirSync(kit.models)).toHaveLength(2);
  for (const index of parts.keys()) rmSync(partPath(kit, index));
  const again = await kit.restart();
  expect(await again.find(kit.entry)).toBe(path);
  expect(await again.fetch(kit.entry, quiet)).toEqual({ ok: true, value: path });
});

test("joins a model that the engine can read", async () => {
  const fixture = buildFixtureModel({ fillInTheMiddle: true });
  const half = fixture.length >> 1;
  const kit = await makeSupply(
    { sources: [uris.slice(0, 2)], bytes: fixture.length, sha256: sha256(fixture) },
    { supplySettings: offline },
  );
  mkdirSync(join(kit.folder, "parts"));
  writeFileSync(partPath(kit, 0), fixture.subarray(0, half));
  writeFileSync(partPath(kit, 1), fixture.subarray(half));
  expect(await kit.supplier.fetch(kit.entry, quiet)).toMatchObject({ ok: true });
});

test("a part with a wrong byte is refused, and the right one is taken afterwards", async () => {
  const kit = await makeKit();
  const wrong = Uint8Array.from(partOf(1));
  wrong[1000] = (wrong[1000] ?? 0) ^ 1;
  writeFileSync(partPath(kit, 1), wrong);
  expect(await failureOf(kit)).toMatchObject({ kind: "wrong-hash", expected: entry.sha256 });
  expect(readdirSync(kit.models)).toEqual([]);
  writeFileSync(partPath(kit, 1), partOf(1));
  expect(await kit.supplier.fetch(kit.entry, quiet)).toMatchObject({ ok: true });
});

test("a catalogue with another hash than the parts have refuses them", async () => {
  const other = makeModelOfSize(1_000_000, 2);
  const kit = await makeKit({}, cut(other));
  expect(await failureOf(kit)).toMatchObject({ kind: "wrong-hash", actual: sha256(other) });
  expect(readdirSync(kit.models)).toEqual([]);
});

test("a missing part is named", async () => {
  const kit = await makeKit();
  rmSync(partPath(kit, 2));
  const failure = await failureOf(kit);
  expect(failure).toMatchObject({ kind: "invalid-file" });
  expect(kit.supplier.explain(failure)).toContain(
    `${partPath(kit, 2)}, which came with hearth, is gone: install hearth again.`,
  );
  writeFileSync(partPath(kit, 2), partOf(2));
  expect(await kit.supplier.fetch(kit.entry, quiet)).toMatchObject({ ok: true });
});

test("a part too many bytes long is refused before it fills the disk", async () => {
  const kit = await makeKit();
  writeFileSync(partPath(kit, 2), model);
  expect(await failureOf(kit)).toMatchObject({ kind: "invalid-file" });
});

test("a full disk is told before anything is written", async () => {
  const full = { ...systemFiles, freeBytes: () => Promise.resolve(1_000_000) };
  const kit = await makeKit({ files: full });
  expect(await failureOf(kit)).toMatchObject({ kind: "no-space", freeBytes: 1_000_000, folder: kit.models });
});

test("whatever call to the disk fails: a sentence, and the next try joins the parts", async () => {
  let isDone = false;
  for (let failing = 1; !isDone; failing += 1) {
    const memory = createMemoryFiles();
    memory.put("/catalog.json", Buffer.from(catalogueOf(entry)));
    parts.forEach((bytes, index) => memory.put(`/parts/m.gguf.part0${index}`, Buffer.from(bytes)));
    const deps = {
      processes: systemProcesses,
      downloads: systemDownloads,
      clock: briefPauses,
      folder: "/models",
      catalogueFile: "/catalog.json",
      settings: () => ({ isOffline: true, hubEndpoint: undefined, hubToken: undefined }),
    };
    const healthy = await createModelSupplier({ ...deps, files: memory });
    const faulty = makeFaultyFiles(memory, { failing, code: "io-failed", spared: "/catalog.json" });
    const supplier = await createModelSupplier({ ...deps, files: faulty.files });
    const [only] = supplier.catalogue;
    if (only === undefined) throw new Error("the catalogue is empty");
    const result = await supplier.fetch(only, quiet);
    if (!result.ok) expect(supplier.explain(result.failure)).toMatch(/^\S.+[.]$/);
    isDone = faulty.calls() < failing;
    await memory.remove(`${supplier.pathOf(only)}.lock`);
    expect(await healthy.fetch(only, quiet)).toMatchObject({ ok: true });
  }
});

test("a path outside of hearth's own models is no uri", async () => {
  for (const path of ["../secret", "/etc/passwd", "parts/../../x", ""]) {
    const kit = makeSupply({ ...entry, sources: [[`package:${path}`]] });
    await expect(kit, path).rejects.toThrow(/outside of hearth's own models/);
  }
});

test("is known to come with hearth, whatever else it comes from", async () => {
  const kit = await makeKit();
  expect(isBundled(kit.entry)).toBe(true);
  const both = await makeSupply({ ...entry, sources: [["https://example.org/m.gguf"], uris] });
  expect(isBundled(both.entry)).toBe(true);
  const mixed = await makeSupply({ ...entry, sources: [["https://example.org/m.gguf", ...uris]] });
  expect(isBundled(mixed.entry)).toBe(false);
});
