// Models from Python packages: the real pip over a folder of wheels made here, without any network.
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { SupplyFailure, SupplyProgress } from "../../server/inference/index.ts";
import { systemFiles, systemProcesses } from "../../server/platform/index.ts";
import type { Environment, Files, Processes } from "../../server/platform/index.ts";
import { until } from "../kit/waiting.ts";
import { makeModelOfSize } from "./kit/gguf.ts";
import { makeFolder, makeSupply, sha256 } from "./kit/supply-kit.ts";
import type { EntryOptions, SupplyKit } from "./kit/supply-kit.ts";
import { makeWheel } from "./kit/wheel.ts";
import type { WheelEntry } from "./kit/wheel.ts";

const model = makeModelOfSize(600_000);
const quiet = { signal: new AbortController().signal, onProgress: () => undefined };

/** The real processes, with an environment in which pip knows one folder of wheels and no index. */
function processesWith(environment: Environment): Processes {
  return {
    ...systemProcesses,
    run: (command, args, options) =>
      systemProcesses.run(command, args, {
        ...options,
        environment: { ...options?.environment, ...environment },
      }),
  };
}

function withWheels(...wheels: readonly { readonly fileName: string; readonly bytes: Buffer }[]): Processes {
  const folder = makeFolder();
  for (const wheel of wheels) writeFileSync(join(folder, wheel.fileName), wheel.bytes);
  return processesWith({ PIP_NO_INDEX: "1", PIP_FIND_LINKS: folder });
}

function wheelOf(entries: readonly WheelEntry[], name = "tiny-model"): ReturnType<typeof makeWheel> {
  return makeWheel({ name, version: "1.2.3", entries });
}

const whole: EntryOptions = {
  sources: [["pypi:tiny-model==1.2.3#tiny_model/tiny.gguf"]],
  bytes: model.length,
  sha256: sha256(model),
};

async function expectModel(kit: SupplyKit): Promise<void> {
  const path = kit.supplier.pathOf(kit.entry);
  expect(await kit.supplier.fetch(kit.entry, quiet)).toEqual({ ok: true, value: path });
  expect(sha256(readFileSync(path))).toBe(sha256(model));
  // Neither wheel nor scratch folder is left.
  expect(readdirSync(kit.models)).toHaveLength(2);
}

async function failureOf(kit: SupplyKit): Promise<SupplyFailure> {
  const result = await kit.supplier.fetch(kit.entry, quiet);
  if (result.ok) throw new Error("the fetch should have failed");
  expect(kit.supplier.explain(result.failure)).toMatch(/^\S.+[.]$/);
  return result.failure;
}

test.each([false, true])("takes one entry out of a wheel (stored: %s)", async (isStored) => {
  const wheel = wheelOf([
    { name: "tiny_model/__init__.py", bytes: Buffer.from("raise SystemExit('must never run')") },
    { name: "tiny_model/tiny.gguf", bytes: model, isStored },
  ]);
  const seen: SupplyProgress[] = [];
  const kit = await makeSupply(whole, { processes: withWheels(wheel) });
  const onProgress = (step: SupplyProgress): void => void seen.push(step);
  await kit.supplier.fetch(kit.entry, { ...quiet, onProgress });
  await expectModel(kit);
  expect(seen.at(-1)).toEqual({ phase: "unpacking", receivedBytes: model.length, totalBytes: model.length });
});

test("joins parts from several wheels in order, whatever they are called", async () => {
  const pieces = [model.subarray(0, 200_000), model.subarray(200_000, 250_000), model.subarray(250_000)];
  const wheels = pieces.map((bytes, index) =>
    wheelOf([{ name: "data/m.part", bytes }], `tiny-part${pieces.length - index}`),
  );
  const parts = pieces.map((_, index) => `pypi:tiny-part${pieces.length - index}==1.2.3#data/m.part`);
  await expectModel(await makeSupply({ ...whole, sources: [parts] }, { processes: withWheels(...wheels) }));
});

test("says which entry a wheel lacks", async () => {
  const wheel = wheelOf([{ name: "tiny_model/other.gguf", bytes: model }]);
  const kit = await makeSupply(whole, { processes: withWheels(wheel) });
  expect(await failureOf(kit)).toMatchObject({
    kind: "invalid-file",
    reason: expect.stringMatching(/tiny_model-1\.2\.3.*\.whl holds no tiny_model\/tiny\.gguf\.$/) as string,
  });
});

test.each([
  ["wrong bytes", (bytes: Buffer) => void bytes.fill(0x41, 200, 2_000)],
  [
    "a wrong checksum in its table",
    (bytes: Buffer) => void bytes.fill(0, bytes.indexOf("PK\x01\x02") + 20, bytes.indexOf("PK\x01\x02") + 28),
  ],
])("survives a wheel with %s inside", async (_, damage) => {
  const wheel = wheelOf([{ name: "tiny_model/tiny.gguf", bytes: model }]);
  damage(wheel.bytes);
  const kit = await makeSupply(whole, { processes: withWheels(wheel) });
  const failure = await failureOf(kit);
  expect(["invalid-file", "wrong-hash"]).toContain(failure.kind);
  expect(await kit.supplier.find(kit.entry)).toBeUndefined();
  expect(existsSync(kit.supplier.pathOf(kit.entry))).toBe(false);
});

test("refuses another model in the right place by its hash", async () => {
  const wheel = wheelOf([{ name: "tiny_model/tiny.gguf", bytes: makeModelOfSize(600_000, 9) }]);
  const kit = await makeSupply(whole, { processes: withWheels(wheel) });
  expect(await failureOf(kit)).toMatchObject({ kind: "wrong-hash" });
});

test("stops a wheel that unpacks to more than the file has", async () => {
  const bomb = wheelOf([{ name: "tiny_model/tiny.gguf", bytes: Buffer.alloc(20_000_000) }]);
  const kit = await makeSupply(whole, { processes: withWheels(bomb) });
  expect(await failureOf(kit)).toMatchObject({ kind: "invalid-file" });
});

test("passes on what pip complained about", async () => {
  const kit = await makeSupply(whole, { processes: withWheels() });
  expect(await failureOf(kit)).toMatchObject({
    kind: "unreachable",
    reason: expect.stringMatching(
      /^pip could not download tiny-model==1\.2\.3: No matching distribution found/,
    ) as string,
  });
});

test("does not repeat the address of a private index, which may hold a password", async () => {
  const environment = {
    PIP_INDEX_URL: "http://me:secret@127.0.0.1:1/simple",
    PIP_RETRIES: "0",
    PIP_FIND_LINKS: "",
  };
  const kit = await makeSupply(whole, { processes: processesWith(environment) });
  const failure = await failureOf(kit);
  expect(failure).toMatchObject({ kind: "unreachable" });
  expect(JSON.stringify(failure)).not.toContain("secret");
});

test("tells what to install when there is no pip", async () => {
  const empty = makeFolder();
  const kit = await makeSupply(whole, { processes: processesWith({ PATH: empty }) });
  const failure = await failureOf(kit);
  expect(failure).toMatchObject({ kind: "missing-tool", tool: "pip" });
  expect(kit.supplier.explain(failure)).toMatch(/install Python 3 with pip/);
});

test("takes the next form of pip when the first Python has none", async () => {
  // A python3 that knows no pip, and a pip3 that works: as Debian delivers them.
  const folder = makeFolder();
  const script = (name: string, text: string): void => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  script("python3", `echo "No module named pip" >&2; exit 1`);
  script("python", "exit 1");
  const source = wheelOf([{ name: "tiny_model/tiny.gguf", bytes: model }]);
  writeFileSync(join(folder, "source.whl"), source.bytes);
  script(
    "pip3",
    `case "$1" in --version) echo pip 1;; download) for a in "$@"; do case $a in --dest=*) /bin/cp ${folder}/source.whl "\${a#--dest=}/${source.fileName}";; esac; done;; esac`,
  );
  await expectModel(await makeSupply(whole, { processes: processesWith({ PATH: folder }) }));
});

test("ends pip at once when cancelled, and leaves no process behind", async () => {
  const folder = makeFolder();
  const mark = join(folder, "running");
  writeFileSync(
    join(folder, "python3"),
    `#!/bin/sh\ncase "$*" in *--version*) exit 0;; esac\necho $$ > ${mark}\nexec /bin/sleep 600\n`,
  );
  chmodSync(join(folder, "python3"), 0o755);
  const kit = await makeSupply(whole, { processes: processesWith({ PATH: folder }) });
  const stop = new AbortController();
  const running = kit.supplier.fetch(kit.entry, { signal: stop.signal, onProgress: () => undefined });
  await until("the program started", () => existsSync(mark) && readFileSync(mark, "utf8").trim() !== "");
  const processId = Number(readFileSync(mark, "utf8"));
  stop.abort();
  expect(await running).toEqual({ ok: false, failure: { kind: "cancelled" } });
  await until("the program ended", () => !systemProcesses.isAlive(processId));
});

test("shows how far pip is by what it has written", async () => {
  const folder = makeFolder();
  writeFileSync(
    join(folder, "python3"),
    `#!/bin/sh\ncase "$*" in *--version*) exit 0;; esac\n/bin/mkdir "$TMPDIR/pip-unpack-1"\n` +
      `/usr/bin/head -c 12345 /dev/zero > "$TMPDIR/pip-unpack-1/x.whl"\nexec /bin/sleep 600\n`,
  );
  chmodSync(join(folder, "python3"), 0o755);
  const kit = await makeSupply(whole, { processes: processesWith({ PATH: folder }) });
  const stop = new AbortController();
  const seen: number[] = [];
  const onProgress = ({ receivedBytes }: SupplyProgress): void => {
    seen.push(receivedBytes);
    if (receivedBytes === 12345) stop.abort();
  };
  expect(await kit.supplier.fetch(kit.entry, { signal: stop.signal, onProgress })).toMatchObject({
    failure: { kind: "cancelled" },
  });
  expect(seen).toContain(12345);
});

test("does not take a file named pip.py in the working folder for pip", async () => {
  const wheel = wheelOf([{ name: "tiny_model/tiny.gguf", bytes: model }]);
  const kit = await makeSupply(whole, { processes: withWheels(wheel) });
  // The scratch folder is where pip runs; what a package put there before must not be run.
  mkdirSync(join(`${kit.supplier.pathOf(kit.entry)}.scratch`, "wheels"), { recursive: true });
  const trap = join(kit.folder, "trap");
  writeFileSync(
    join(`${kit.supplier.pathOf(kit.entry)}.scratch`, "wheels", "pip.py"),
    `open(${JSON.stringify(trap)}, "w").write("x")`,
  );
  await expectModel(kit);
  expect(existsSync(trap)).toBe(false);
});

test("stops before it fills the disk, and says how much is missing", async () => {
  const wheel = wheelOf([{ name: "tiny_model/tiny.gguf", bytes: model }]);
  const full: Files = { ...systemFiles, freeBytes: () => Promise.resolve(1000) };
  const kit = await makeSupply(whole, { processes: withWheels(wheel), files: full });
  expect(await failureOf(kit)).toMatchObject({ kind: "no-space", freeBytes: 1000, folder: kit.models });
});
