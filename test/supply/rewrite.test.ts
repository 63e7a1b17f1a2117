// Files with slow weights are rewritten once, bit for bit as the reference does it; whatever goes wrong, the original is used.
import { copyFileSync, existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { ErrorCode } from "../../server/kernel/index.ts";
import type { ModelSupplier, SupplyProgress } from "../../server/inference/index.ts";
import { readGgufLayout } from "../../server/inference/supply/gguf.ts";
import { createHalfTable, halfOf } from "../../server/inference/supply/rewrite/half.ts";
import { rewriteGguf } from "../../server/inference/supply/rewrite/rewrite-gguf.ts";
import { isWorthRewriting } from "../../server/inference/supply/rewrite/slow-types.ts";
import {
  Q8_BLOCK_BYTES,
  blockFormats,
  createQ8Converter,
} from "../../server/inference/supply/rewrite/to-q8.ts";
import { resolvePaths, systemFiles } from "../../server/platform/index.ts";
import { until } from "../kit/waiting.ts";
import { makeFaultyFiles } from "./kit/faulty-files.ts";
import { fetchScript } from "./kit/fetch-script.ts";
import { startFileServer } from "./kit/file-server.ts";
import type { FileServer } from "./kit/file-server.ts";
import { makeModelOfSize, makeSlowModel } from "./kit/gguf.ts";
import { readGolden } from "./kit/q8-golden.ts";
import { makeFolder, makeSupply, sha256 } from "./kit/supply-kit.ts";
import type { EntryOptions, SupplyKit } from "./kit/supply-kit.ts";

const golden = readGolden();
const real = golden.get("Q4_1 of a real tensor");
if (real === undefined) throw new Error("the golden file lacks the real tensor");
const slow = makeSlowModel(400, real.source);
const quiet = { signal: new AbortController().signal, onProgress: () => undefined };
let server: FileServer;

beforeEach(async () => {
  server = await startFileServer();
  server.serve(slow, '"one"');
});
afterEach(() => server.close());

async function makeSlowSupply(
  options: Partial<EntryOptions> = {},
  changes: Parameters<typeof makeSupply>[1] = {},
): Promise<SupplyKit> {
  return makeSupply(
    { sources: [[`${server.url}/m`]], bytes: slow.length, sha256: sha256(slow), ...options },
    changes,
  );
}

async function fetchPath(
  supplier: ModelSupplier,
  kit: SupplyKit,
): Promise<{ path: string; phases: string[]; notices: string[] }> {
  const phases: SupplyProgress["phase"][] = [];
  const notices: string[] = [];
  const result = await supplier.fetch(kit.entry, {
    ...quiet,
    onProgress: ({ phase }) => {
      if (!phases.includes(phase)) phases.push(phase);
    },
    onNotice: (sentence) => void notices.push(sentence),
  });
  if (!result.ok) throw new Error(supplier.explain(result.failure));
  return { path: result.value, phases, notices };
}

/** What the rewriter makes of the bytes, without a supplier. */
async function rewritten(bytes: Buffer): Promise<Buffer> {
  const folder = makeFolder();
  writeFileSync(join(folder, "source"), bytes);
  const target = join(folder, "target");
  const source = join(folder, "source");
  const request = { files: systemFiles, source, sourceSha256: sha256(bytes), target, ...quiet };
  const made = await rewriteGguf(request);
  const written = readFileSync(target);
  expect(made).toEqual({ sha256: sha256(written), bytes: written.length });
  return written;
}

describe("the arithmetic", () => {
  test.each([...golden])("%s becomes what the reference makes of it, bit for bit", (name, { source, q8 }) => {
    const format = blockFormats[name.slice(0, 4)];
    if (format === undefined) throw new Error(name);
    const target = new Uint8Array((source.length / format.blockBytes) * Q8_BLOCK_BYTES);
    expect(createQ8Converter().convert(format, source, target)).toBe(true);
    expect(Buffer.from(target).toString("hex")).toBe(q8.toString("hex"));
  });

  test("every number of 16 bits survives the way to 32 bits and back", () => {
    const table = createHalfTable();
    const bitsOf = new Uint32Array(table.buffer);
    table.forEach((value, bits) => {
      if (!Number.isNaN(value)) expect(halfOf(bitsOf[bits] ?? 0)).toBe(bits);
    });
  });

  test("a number of 32 bits becomes the nearest of 16, and the even one of two that are as near", () => {
    const table = createHalfTable();
    const single = new Float32Array(1);
    const bits = new Uint32Array(single.buffer);
    const largest = 65_504;
    fc.assert(
      fc.property(fc.float({ min: -largest, max: largest, noNaN: true }), (value) => {
        single[0] = value;
        const half = halfOf(bits[0] ?? 0);
        const error = Math.abs((table[half] ?? NaN) - value);
        for (const neighbour of [half - 1, half + 1]) {
          const other = Math.abs((table[neighbour & 0xffff] ?? NaN) - value);
          // Beyond the largest number and across the sign there is no neighbour to compare with.
          if (!Number.isFinite(other) || (neighbour & 0x8000) !== (half & 0x8000)) continue;
          expect(error <= other).toBe(true);
          if (error === other) expect(half & 1).toBe(0);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("scales that are no numbers are refused", () => {
    const block = Buffer.alloc(20);
    block.writeUInt16LE(0x7e00, 0);
    const format = blockFormats["Q4_1"];
    if (format === undefined) throw new Error("no such format");
    expect(createQ8Converter().convert(format, block, new Uint8Array(34))).toBe(false);
  });

  test("only slow types are rewritten, and only in files of a moderate size", () => {
    expect(["Q4_1", "Q5_0", "Q5_1"].every((type) => isWorthRewriting(type, 98e6))).toBe(true);
    expect(["Q4_0", "Q8_0", "Q4_K", "F16", "unknown"].some((type) => isWorthRewriting(type, 98e6))).toBe(
      false,
    );
    expect(isWorthRewriting("Q4_1", 4e9)).toBe(false);
  });
});

describe("the file", () => {
  test("has the weights in Q8_0, all other bytes as they were, and says where it comes from", async () => {
    const bytes = await rewritten(slow);
    const folder = makeFolder();
    writeFileSync(join(folder, "old"), slow);
    writeFileSync(join(folder, "new"), bytes);
    const [old, made] = await Promise.all(
      ["old", "new"].map((name) => readGgufLayout(systemFiles, join(folder, name), quiet.signal)),
    );
    if (old?.ok !== true || made?.ok !== true) throw new Error(JSON.stringify([old, made]));
    expect(made.value.summary).toEqual({ ...old.value.summary, weightType: "Q8_0" });
    expect(made.value.keyCount).toBe(old.value.keyCount + 2);
    expect(made.value.dataStart % 32).toBe(0);
    expect(bytes.readUInt32LE(made.value.fileTypeAt)).toBe(7);
    expect(bytes.includes(sha256(slow))).toBe(true);
    made.value.tensors.forEach((tensor, index) => {
      const before = old.value.tensors[index];
      if (before === undefined) throw new Error("a tensor too many");
      const oldData = slow.subarray(old.value.dataStart + before.offset).subarray(0, before.bytes);
      const newData = bytes.subarray(made.value.dataStart + tensor.offset).subarray(0, tensor.bytes);
      expect(tensor.dimensions).toEqual(before.dimensions);
      if (tensor.name === "slow.weight") {
        expect(tensor.typeId).toBe(8);
        expect(newData.equals(Buffer.alloc(newData.length, real.q8))).toBe(true);
      } else expect(newData.equals(oldData)).toBe(true);
    });
  });

  test("is always the same", async () => {
    expect(sha256(await rewritten(slow))).toBe(sha256(await rewritten(slow)));
  });
});

describe("a fetched model with slow weights", () => {
  test("is rewritten once, shown as converting, and found from then on", async () => {
    const expected = await rewritten(slow);
    const kit = await makeSlowSupply({
      rewrite: { to: "Q8_0", bytes: expected.length, sha256: sha256(expected) },
    });
    const { path, phases, notices } = await fetchPath(kit.supplier, kit);
    expect(phases).toEqual(["fetching", "converting"]);
    expect(notices).toEqual([]);
    expect(path).toMatch(/\.q8_0\.gguf$/);
    expect(path).toBe(kit.supplier.pathOf(kit.entry));
    expect(readFileSync(path).equals(expected)).toBe(true);
    expect(readdirSync(kit.models).sort()).toEqual(
      [path, `${path}.json`].map((name) => name.split(/[\\/]/).at(-1)),
    );
    const later = await kit.restart();
    expect(await later.find(kit.entry)).toBe(path);
    expect((await fetchPath(later, kit)).phases).toEqual([]);
    expect(await later.verify(kit.entry, quiet)).toEqual({ ok: true, value: path });
    expect(server.requests).toHaveLength(1);
  });

  test("stays verified: a changed byte is found, and the whole is fetched and rewritten anew", async () => {
    const kit = await makeSlowSupply();
    const { path } = await fetchPath(kit.supplier, kit);
    const bytes = readFileSync(path);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 0xff;
    writeFileSync(path, bytes);
    expect(await kit.supplier.find(kit.entry)).toBeUndefined();
    expect(await kit.supplier.verify(kit.entry, quiet)).toMatchObject({ ok: false });
    expect((await fetchPath(kit.supplier, kit)).path).toBe(path);
    expect(readFileSync(path).equals(bytes)).toBe(false);
    expect(await kit.supplier.remove(kit.entry)).toBe(true);
    expect(readdirSync(kit.models)).toEqual([]);
  });

  test("is left alone when the setting says so, and rewritten without a network when it is switched on again", async () => {
    const supplySettings = { rewritesSlowFiles: false, isOffline: false };
    const kit = await makeSlowSupply({}, { supplySettings });
    const first = await fetchPath(kit.supplier, kit);
    expect(readFileSync(first.path).equals(slow)).toBe(true);
    expect(await kit.supplier.find(kit.entry)).toBe(first.path);
    const offline = { isOffline: true, hubEndpoint: undefined, hubToken: undefined };
    const on = await kit.restart({ settings: () => offline });
    expect(await on.find(kit.entry)).toBeUndefined();
    const second = await fetchPath(on, kit);
    expect(second.phases).toEqual(["converting"]);
    expect(existsSync(first.path)).toBe(false);
    // And off again: what is there is as good.
    const off = await kit.restart({ settings: () => ({ ...offline, rewritesSlowFiles: false }) });
    expect(await off.find(kit.entry)).toBe(second.path);
    expect((await fetchPath(off, kit)).path).toBe(second.path);
    expect(server.requests).toHaveLength(1);
  });

  test("with other weights than slow ones is used as it is", async () => {
    const fast = makeModelOfSize(50_000);
    server.serve(fast, '"fast"');
    const kit = await makeSlowSupply({ bytes: fast.length, sha256: sha256(fast) });
    const { path, phases } = await fetchPath(kit.supplier, kit);
    expect(phases).toEqual(["fetching"]);
    expect(readFileSync(path).equals(fast)).toBe(true);
  });

  test("is fetched and rewritten once by processes that start together", async () => {
    const kit = await makeSlowSupply();
    const suppliers = await Promise.all([1, 2, 3].map(() => kit.restart()));
    const paths = await Promise.all(suppliers.map(async (supplier) => (await fetchPath(supplier, kit)).path));
    expect(new Set(paths)).toEqual(new Set([await kit.supplier.find(kit.entry)]));
    expect(server.requests).toHaveLength(1);
  });
});

describe("when rewriting fails", () => {
  test("with another hash than the catalogue's: the original is used, and it is not tried again", async () => {
    const kit = await makeSlowSupply({ rewrite: { to: "Q8_0", bytes: 1, sha256: "0".repeat(64) } });
    const { path, notices } = await fetchPath(kit.supplier, kit);
    expect(readFileSync(path).equals(slow)).toBe(true);
    expect(notices).toEqual([expect.stringContaining("is used as it is, more slowly")]);
    const later = await kit.restart();
    expect(await later.find(kit.entry)).toBe(path);
    expect((await fetchPath(later, kit)).phases).toEqual([]);
  });

  test("on weights that are no numbers: a sentence that names the tensor", async () => {
    const broken = makeSlowModel(400, Buffer.concat([real.source.subarray(0, 20), Buffer.alloc(20, 0xff)]));
    server.serve(broken, '"broken"');
    const kit = await makeSlowSupply({ bytes: broken.length, sha256: sha256(broken) });
    const { path, notices } = await fetchPath(kit.supplier, kit);
    expect(notices[0]).toContain("slow.weight");
    expect(readFileSync(path).equals(broken)).toBe(true);
    expect(readdirSync(kit.models)).toHaveLength(2);
  });

  test("on a full disk: the original is used meanwhile, and the next start rewrites it", async () => {
    let isFull = false;
    const freeBytes = (folder: string): Promise<number | undefined> =>
      isFull ? Promise.resolve(1000) : systemFiles.freeBytes(folder);
    const kit = await makeSlowSupply({}, { files: { ...systemFiles, freeBytes } });
    const off = await kit.restart({
      settings: () => ({
        isOffline: false,
        hubEndpoint: undefined,
        hubToken: undefined,
        rewritesSlowFiles: false,
      }),
    });
    const original = (await fetchPath(off, kit)).path;
    isFull = true;
    const { path, notices } = await fetchPath(kit.supplier, kit);
    expect(path).toBe(original);
    expect(notices[0]).toContain("1.00 kB free");
    isFull = false;
    expect((await fetchPath(kit.supplier, kit)).path).not.toBe(original);
  });

  test("at any call to the disk: a usable file comes out, nothing half done stays, the next try succeeds", async () => {
    const original = await makeSlowSupply({}, { supplySettings: { rewritesSlowFiles: false } });
    const kept = (await fetchPath(original.supplier, original)).path;
    const settings = (): { isOffline: boolean; hubEndpoint: undefined; hubToken: undefined } => ({
      isOffline: true,
      hubEndpoint: undefined,
      hubToken: undefined,
    });
    const codes: readonly ErrorCode[] = ["no-space", "io-failed", "not-permitted"];
    let isCovered = false;
    for (let failing = 1; !isCovered; failing += 1) {
      const kit = await makeSlowSupply();
      const target = join(kit.models, kept.split(/[\\/]/).at(-1) ?? "");
      copyFileSync(kept, target);
      const code = codes[failing % codes.length] ?? "io-failed";
      const faulty = makeFaultyFiles(systemFiles, {
        failing,
        code,
        spared: join(kit.folder, "catalog.json"),
      });
      const supplier = await kit.restart({ files: faulty.files, settings });
      const result = await supplier.fetch(kit.entry, quiet);
      isCovered = faulty.calls() < failing;
      if (result.ok) {
        expect([sha256(slow), sha256(await rewritten(slow))]).toContain(sha256(readFileSync(result.value)));
      } else expect(faulty.touched(".part"), "a failure before the original was found whole").toBe(false);
      const next = await kit.restart({ settings });
      const { path } = await fetchPath(next, kit);
      expect(statSync(path).size, `after failing call ${failing}`).toBeGreaterThan(slow.length);
      expect(await next.verify(kit.entry, quiet)).toMatchObject({ ok: true });
      expect(readdirSync(kit.models).filter((name) => name.endsWith(".part"))).toEqual([]);
    }
  }, 120_000);

  test("because it was cancelled: says so, and begins anew the next time", async () => {
    const kit = await makeSlowSupply();
    const stop = new AbortController();
    const result = await kit.supplier.fetch(kit.entry, {
      signal: stop.signal,
      onProgress: ({ phase }) => {
        if (phase === "converting") stop.abort();
      },
    });
    expect(result).toEqual({ ok: false, failure: { kind: "cancelled" } });
    expect(readdirSync(kit.models).filter((name) => name.includes("q8_0"))).toEqual([]);
    expect((await fetchPath(kit.supplier, kit)).path).toMatch(/q8_0/);
    expect(server.requests).toHaveLength(1);
  });

  test("because the process was killed in the middle: the next one begins anew", async () => {
    const large = makeSlowModel(150_000, real.source);
    server.serve(large, '"large"');
    const kit = await makeSlowSupply({ bytes: large.length, sha256: sha256(large) });
    const built = join(resolvePaths({}).packageRoot, "dist/server");
    expect(existsSync(built), "run `npm run build` first: this test starts the built server").toBe(true);
    const inline = ["--input-type=module", "-e", fetchScript, "--", pathToFileURL(built).href];
    const child = spawn(process.execPath, [...inline, kit.models, join(kit.folder, "catalog.json")], {
      stdio: "ignore",
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    const half = (): string | undefined =>
      readdirSync(kit.models).find((name) => name.endsWith("q8_0.gguf.part"));
    await until("the rewriting began", () => half() !== undefined);
    child.kill("SIGKILL");
    await until("the process ended", () => child.signalCode !== null || child.exitCode !== null);
    expect(child.signalCode).toBe("SIGKILL");
    expect(await kit.supplier.find(kit.entry)).toBeUndefined();
    const { path } = await fetchPath(kit.supplier, kit);
    expect(sha256(readFileSync(path))).toBe(sha256(await rewritten(large)));
    expect(half()).toBeUndefined();
    expect(server.requests).toHaveLength(1);
  }, 120_000);
});

describe("a file of the user", () => {
  test("stays what and where it is; the faster form lies in our folder and follows it", async () => {
    const mine = join(makeFolder(), "mine.gguf");
    writeFileSync(mine, slow);
    const kit = await makeSupply({ sources: [[pathToFileURL(mine).href]] });
    const first = await fetchPath(kit.supplier, kit);
    expect(first.path.startsWith(kit.models)).toBe(true);
    expect(readFileSync(mine).equals(slow)).toBe(true);
    expect(await kit.supplier.find(kit.entry)).toBe(first.path);
    const other = makeSlowModel(500, real.source, 2);
    writeFileSync(mine, other);
    expect(await kit.supplier.find(kit.entry)).toBeUndefined();
    const second = await fetchPath(kit.supplier, kit);
    expect(sha256(readFileSync(second.path))).toBe(sha256(await rewritten(other)));
    expect(readFileSync(mine).equals(other)).toBe(true);
    expect(await kit.supplier.remove(kit.entry)).toBe(true);
    expect(existsSync(mine)).toBe(true);
    expect(readdirSync(kit.models).filter((name) => name.endsWith(".gguf"))).toEqual([]);
  });
});
