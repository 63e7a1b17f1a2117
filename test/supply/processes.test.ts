// Several processes and one model: one fetch, kills survived, stale locks taken over, full disks left usable.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { createModelSupplier } from "../../server/inference/index.ts";
import { createFetchLock } from "../../server/inference/supply/fetch-lock.ts";
import {
  createManualClock,
  createMemoryFiles,
  resolvePaths,
  systemDownloads,
  systemFiles,
  systemProcesses,
} from "../../server/platform/index.ts";
import { until } from "../kit/waiting.ts";
import { makeFaultyFiles } from "./kit/faulty-files.ts";
import { fetchScript } from "./kit/fetch-script.ts";
import { startFileServer } from "./kit/file-server.ts";
import type { FileServer } from "./kit/file-server.ts";
import { makeModelOfSize } from "./kit/gguf.ts";
import { briefPauses, catalogueOf, makeFolder, makeSupply, sha256 } from "./kit/supply-kit.ts";

const model = makeModelOfSize(2_000_000);
const built = join(resolvePaths({}).packageRoot, "dist/server");
let server: FileServer;

beforeEach(async () => {
  server = await startFileServer();
  server.serve(model, '"one"');
});
afterEach(() => server.close());

interface Run {
  readonly child: ChildProcess;
  readonly done: Promise<{
    readonly result: { readonly ok: boolean; readonly value?: string };
    readonly phases: string[];
  }>;
}

function startFetch(folder: string): Run {
  expect(existsSync(built), "run `npm run build` first: these tests start the built server").toBe(true);
  const inline = ["--input-type=module", "-e", fetchScript, "--", pathToFileURL(built).href];
  const child = spawn(process.execPath, [...inline, join(folder, "models"), join(folder, "catalog.json")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const done = new Promise<Awaited<Run["done"]>>((resolve, reject) => {
    child.on("close", () => {
      if (output === "") reject(new Error("the process ended without an answer"));
      else resolve(JSON.parse(output) as Awaited<Run["done"]>);
    });
  });
  // A killed process has no answer; who wants one awaits it.
  done.catch(() => undefined);
  return { child, done };
}

function prepareFolder(): string {
  const folder = makeFolder();
  mkdirSync(join(folder, "models"));
  const entry = { sources: [[`${server.url}/m`]], bytes: model.length, sha256: sha256(model) };
  writeFileSync(join(folder, "catalog.json"), catalogueOf(entry));
  return folder;
}

const quiet = { signal: new AbortController().signal, onProgress: () => undefined };

const filesIn = (folder: string, ending: string): string[] =>
  readdirSync(join(folder, "models")).filter((name) => name.endsWith(ending));

test("four processes at once fetch the model once", async () => {
  const folder = prepareFolder();
  let goOn: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (goOn = resolve));
  server.always(async (request, response) => {
    await gate;
    server.answer(request, response);
  });
  const runs = [1, 2, 3, 4].map(() => startFetch(folder));
  await until("one process asks the server", () => server.requests.length > 0);
  goOn();
  const answers = await Promise.all(runs.map(({ done }) => done));
  for (const { result } of answers) expect(result).toMatchObject({ ok: true });
  expect(server.requests).toHaveLength(1);
  expect(new Set(answers.map(({ result }) => result.value)).size).toBe(1);
  expect(sha256(readFileSync(answers[0]!.result.value!))).toBe(sha256(model));
  expect(readdirSync(join(folder, "models"))).toHaveLength(2);
});

test("a process that is killed in the middle leaves what it has, and the next one goes on at once", async () => {
  const folder = prepareFolder();
  server.next((request, response) => server.answer(request, response, { stallAfter: 1_500_000 }));
  const first = startFetch(folder);
  await until("bytes are on the disk", () =>
    filesIn(folder, ".part").some((name) => statSync(join(folder, "models", name)).size > 1_000_000),
  );
  first.child.kill("SIGKILL");
  await new Promise((resolve) => first.child.once("close", resolve));
  expect(filesIn(folder, ".lock")).toHaveLength(1);
  const { result } = await startFetch(folder).done;
  expect(result).toMatchObject({ ok: true });
  expect(sha256(readFileSync(result.value!))).toBe(sha256(model));
  expect(server.requests).toHaveLength(2);
  expect(Number(/^bytes=(\d+)-$/.exec(server.requests[1]?.range ?? "")?.[1])).toBeGreaterThan(1_000_000);
  expect(readdirSync(join(folder, "models"))).toHaveLength(2);
});

test("the process that waits takes over when the one that fetches is killed", async () => {
  const folder = prepareFolder();
  server.next((request, response) => server.answer(request, response, { stallAfter: 1_500_000 }));
  const first = startFetch(folder);
  await until("the first process fetches", () => server.requests.length === 1);
  const second = startFetch(folder);
  await until("a part", () => filesIn(folder, ".part").length === 1);
  first.child.kill("SIGKILL");
  const { result } = await second.done;
  expect(result).toMatchObject({ ok: true });
  expect(server.requests).toHaveLength(2);
});

test("a lock that names a living process which does nothing is taken over, whatever the wall clock says", async () => {
  const files = createMemoryFiles();
  const clock = createManualClock();
  const lock = createFetchLock({ files, processes: systemProcesses, clock });
  // The id of this test process: alive, but not the owner that wrote it.
  files.put("/m.lock", Buffer.from(`${process.pid} sometoken`));
  expect(await lock.tryTake("/m.lock")).toBeUndefined();
  clock.advance(59_000);
  expect(await lock.tryTake("/m.lock")).toBeUndefined();
  clock.advance(2_000);
  const held = await lock.tryTake("/m.lock");
  expect(await held?.isOurs()).toBe(true);
  await held?.release();
  expect(files.contents.size).toBe(0);
});

test("a lock whose owner shows life is respected, and an owner that lost it finds out", async () => {
  const files = createMemoryFiles();
  const clock = createManualClock();
  const ours = createFetchLock({ files, processes: systemProcesses, clock });
  const theirs = createFetchLock({ files, processes: systemProcesses, clock });
  const held = await ours.tryTake("/m.lock");
  for (let second = 0; second < 300; second += 5) {
    clock.advance(5_000);
    await until("a turn", () => true);
    expect(await theirs.tryTake("/m.lock")).toBeUndefined();
  }
  files.put("/m.lock", Buffer.from("1 another"));
  expect(await held?.isOurs()).toBe(false);
  await held?.release();
  // What is not ours is not removed.
  expect(files.contents.has("/m.lock")).toBe(true);
});

test.each(["", "garbage", "999999999 token"])(
  "a lock that holds %j does not block for ever",
  async (text) => {
    const files = createMemoryFiles();
    const clock = createManualClock();
    const lock = createFetchLock({ files, processes: systemProcesses, clock });
    files.put("/m.lock", Buffer.from(text));
    const atOnce = await lock.tryTake("/m.lock");
    clock.advance(6_000);
    expect(atOnce ?? (await lock.tryTake("/m.lock"))).toBeDefined();
  },
);

test("a takeover that was killed half way does not block for ever", async () => {
  const files = createMemoryFiles();
  const clock = createManualClock();
  const lock = createFetchLock({ files, processes: systemProcesses, clock });
  files.put("/m.lock", Buffer.from("999999999 token"));
  files.put("/m.lock.takeover", Buffer.from("999999999 takeover"));
  expect(await lock.tryTake("/m.lock")).toBeUndefined();
  clock.advance(6_000);
  expect(await lock.tryTake("/m.lock")).toBeUndefined();
  expect(await lock.tryTake("/m.lock")).toBeDefined();
});

test("a full disk ends in a sentence, keeps what came, and the fetch goes on when there is space", async () => {
  const files = createMemoryFiles();
  const catalogue = catalogueOf({
    sources: [[`${server.url}/m`]],
    bytes: model.length,
    sha256: sha256(model),
  });
  files.put("/catalog.json", Buffer.from(catalogue));
  // The platform does not tell how much is free: the write itself fails.
  const supplier = await createModelSupplier({
    files: { ...files, freeBytes: () => Promise.resolve(undefined) },
    processes: systemProcesses,
    downloads: systemDownloads,
    clock: briefPauses,
    folder: "/models",
    catalogueFile: "/catalog.json",
    settings: () => ({ isOffline: false, hubEndpoint: undefined, hubToken: undefined }),
  });
  const entry = supplier.catalogue[0]!;
  files.setCapacity(1_200_000);
  const failed = await supplier.fetch(entry, quiet);
  expect(failed).toMatchObject({ ok: false, failure: { kind: "no-space", folder: "/models" } });
  const part = `${supplier.pathOf(entry)}.part`;
  const kept = files.contents.get(part)!.length;
  expect(kept).toBeGreaterThan(500_000);
  files.setCapacity(Number.POSITIVE_INFINITY);
  expect(await supplier.fetch(entry, quiet)).toEqual({ ok: true, value: supplier.pathOf(entry) });
  expect(server.requests[1]?.range).toBe(`bytes=${kept}-`);
});

test("whatever call to the disk fails, in whatever way: a sentence, and the next fetch succeeds", async () => {
  const small = makeModelOfSize(2000);
  server.serve(small, '"small"');
  const entry = { sources: [[`${server.url}/m`]], bytes: small.length, sha256: sha256(small) };
  let isDone = false;
  for (let failing = 1; !isDone; failing += 1) {
    for (const code of ["no-space", "io-failed", "not-permitted"] as const) {
      const memory = createMemoryFiles();
      memory.put("/catalog.json", Buffer.from(catalogueOf(entry)));
      const deps = {
        processes: systemProcesses,
        downloads: systemDownloads,
        clock: briefPauses,
        folder: "/models",
        catalogueFile: "/catalog.json",
        settings: () => ({ isOffline: false, hubEndpoint: undefined, hubToken: undefined }),
      };
      const healthy = await createModelSupplier({ ...deps, files: memory });
      // The catalogue is read before anything can be said about a fetch.
      const faulty = makeFaultyFiles(memory, { failing, code, spared: "/catalog.json" });
      const supplier = await createModelSupplier({ ...deps, files: faulty.files });
      const result = await supplier.fetch(supplier.catalogue[0]!, quiet);
      if (!result.ok) expect(supplier.explain(result.failure)).toMatch(/^\S.+[.]$/);
      isDone = faulty.calls() < failing;
      // A lock that could not be removed is waited out by others; here it is taken away.
      await memory.remove(`${supplier.pathOf(supplier.catalogue[0]!)}.lock`);
      expect(await healthy.fetch(healthy.catalogue[0]!, quiet)).toMatchObject({ ok: true });
    }
  }
});

test("is told before the first byte when the disk is too small", async () => {
  const small = { ...systemFiles, freeBytes: () => Promise.resolve(1_000_000) };
  const kit = await makeSupply(
    { sources: [[`${server.url}/m`]], bytes: model.length, sha256: sha256(model) },
    { files: small },
  );
  const failed = await kit.supplier.fetch(kit.entry, quiet);
  expect(failed).toMatchObject({ ok: false, failure: { kind: "no-space", freeBytes: 1_000_000 } });
  expect(failed.ok ? "" : kit.supplier.explain(failed.failure)).toMatch(
    /has 1\.00 MB free and 3\d\.\d MB are needed/,
  );
});

test("a finished file is hashed once; a change of it is noticed", async () => {
  let opened = 0;
  const kit = await makeSupply(
    { sources: [[`${server.url}/m`]], bytes: model.length, sha256: sha256(model) },
    {
      files: {
        ...systemFiles,
        open: (path, mode) => {
          if (mode === "read" && path.endsWith(".gguf")) opened += 1;
          return systemFiles.open(path, mode);
        },
      },
    },
  );
  await kit.supplier.fetch(kit.entry, quiet);
  opened = 0;
  expect(await kit.supplier.find(kit.entry)).toBeDefined();
  expect(opened).toBe(0);
  const path = kit.supplier.pathOf(kit.entry);
  // Touched only: one more hash, then cheap again.
  utimesSync(path, new Date(), new Date(Date.now() + 5000));
  expect(await kit.supplier.find(kit.entry)).toBe(path);
  expect(opened).toBeGreaterThan(0);
  // Changed: not found any more, and fetched again.
  const bytes = readFileSync(path);
  bytes.fill(7, 5000, 6000);
  writeFileSync(path, bytes);
  expect(await kit.supplier.find(kit.entry)).toBeUndefined();
  expect(await kit.supplier.verify(kit.entry, quiet)).toMatchObject({
    ok: false,
    failure: { kind: "wrong-hash" },
  });
  expect(await kit.supplier.fetch(kit.entry, quiet)).toMatchObject({ ok: true });
});

test("verify finds a change that size and time do not show", async () => {
  const kit = await makeSupply({
    sources: [[`${server.url}/m`]],
    bytes: model.length,
    sha256: sha256(model),
  });
  await kit.supplier.fetch(kit.entry, quiet);
  const path = kit.supplier.pathOf(kit.entry);
  const { atime, mtime } = statSync(path);
  const bytes = readFileSync(path);
  bytes[5000] = (bytes[5000] ?? 0) ^ 1;
  writeFileSync(path, bytes);
  utimesSync(path, atime, mtime);
  const verified = await kit.supplier.verify(kit.entry, quiet);
  expect(verified).toMatchObject({ ok: false, failure: { kind: "wrong-hash" } });
  expect(await kit.supplier.find(kit.entry)).toBeUndefined();
});

test("without a pinned hash the first file is remembered, and another one in its place is refused", async () => {
  const kit = await makeSupply({ sources: [[`${server.url}/m`]] });
  await kit.supplier.fetch(kit.entry, quiet);
  writeFileSync(kit.supplier.pathOf(kit.entry), makeModelOfSize(2_000_000, 5));
  expect(await kit.supplier.verify(kit.entry, quiet)).toMatchObject({
    ok: false,
    failure: { kind: "wrong-hash" },
  });
});

test("a file of the user is used where it is, looked at first, and never written or removed", async () => {
  const folder = makeFolder();
  const path = join(folder, "mine.gguf");
  writeFileSync(path, model);
  const kit = await makeSupply({ sources: [[`${server.url}/m`]] }, { supplySettings: { isOffline: true } });
  const entry = kit.supplier.resolve(path)!;
  expect(await kit.supplier.find(entry)).toBe(path);
  expect(await kit.supplier.fetch(entry, quiet)).toEqual({ ok: true, value: path });
  expect(await kit.supplier.remove(entry)).toBe(false);
  expect(readdirSync(folder)).toEqual(["mine.gguf"]);
  writeFileSync(path, "something else");
  expect(await kit.supplier.find(entry)).toBeUndefined();
  expect(await kit.supplier.fetch(entry, quiet)).toMatchObject({
    ok: false,
    failure: { kind: "invalid-file" },
  });
  const missing = kit.supplier.resolve(join(folder, "none.gguf"))!;
  expect(await kit.supplier.fetch(missing, quiet)).toMatchObject({
    ok: false,
    failure: { kind: "invalid-file" },
  });
});

test("terms that need consent are asked for before anything travels, once", async () => {
  const kit = await makeSupply({
    sources: [[`${server.url}/m`]],
    bytes: model.length,
    sha256: sha256(model),
    needsConsent: true,
  });
  const refused = await kit.supplier.fetch(kit.entry, quiet);
  expect(refused).toMatchObject({ ok: false, failure: { kind: "consent-needed" } });
  expect(refused.ok ? "" : kit.supplier.explain(refused.failure)).toContain(
    "hearth models pull tiny --accept-licence",
  );
  expect(server.requests).toEqual([]);
  await kit.supplier.consent(kit.entry);
  expect(await kit.supplier.fetch(kit.entry, quiet)).toMatchObject({ ok: true });
});

test("a folder that cannot be written ends in a sentence that names it", async () => {
  const folder = makeFolder();
  writeFileSync(join(folder, "file"), "");
  const kit = await makeSupply(
    { sources: [[`${server.url}/m`]], bytes: model.length, sha256: sha256(model) },
    { folder: join(folder, "file", "models") },
  );
  const failed = await kit.supplier.fetch(kit.entry, quiet);
  expect(failed).toMatchObject({ ok: false, failure: { kind: "disk-failed" } });
  expect(failed.ok ? "" : kit.supplier.explain(failed.failure)).toContain(join(folder, "file", "models"));
});
