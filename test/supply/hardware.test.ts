// What a machine is worth and which model it gets: known machines, limits, borders, and the real machine.
import { laptop } from "./kit/laptop.ts";
import { expect, test } from "vitest";
import { join } from "node:path";
import fc from "fast-check";
import { readCatalogue } from "../../server/inference/supply/catalogue.ts";
import { assess } from "../../server/inference/supply/hardware/assess.ts";
import { measureBandwidth } from "../../server/inference/supply/hardware/bandwidth.ts";
import { detectHardware, deviceOf, parseProcessor } from "../../server/inference/supply/hardware/detect.ts";
import type { DiskKind, Hardware } from "../../server/inference/supply/hardware/hardware.ts";
import { readTier, rememberTier } from "../../server/inference/supply/hardware/known-machine.ts";
import { recommend } from "../../server/inference/supply/hardware/recommend.ts";
import { scoreOf, tierOf } from "../../server/inference/supply/hardware/score.ts";
import {
  decodeTokensPerSecond,
  neededBytes,
  suggestionMs,
} from "../../server/inference/supply/hardware/speed.ts";
import {
  createMachine,
  createManualMachine,
  createMemoryFiles,
  resolvePaths,
  systemFiles,
  systemProcesses,
  systemThreads,
} from "../../server/platform/index.ts";

const noSignal = new AbortController().signal;
const shipped = join(resolvePaths({}).packageRoot, "models/catalog.json");

/** Usable GB, bandwidth, efficiency, overhead, prompt tokens a second, disk; then the model's tokens a second, the score, the tier. */
const machines: readonly (readonly [
  string,
  number,
  number,
  number,
  number,
  number,
  DiskKind,
  number,
  number,
  string,
])[] = [
  ["4-core laptop 8 GB DDR4", 2.5, 40, 0.5, 4, 90, "ssd", 12, 25, "fast"],
  ["2-core VM 24 GiB", 10, 46, 0.55, 6, 80, "unknown", 14, 36, "fast"],
  ["8-core laptop 16 GB DDR5", 5, 77, 0.5, 3, 250, "nvme", 22, 43, "fast"],
  ["M1 8 GB", 5.5, 68, 0.8, 1.5, 500, "nvme", 31, 51, "balanced"],
  ["RTX 4060 8 GB", 7.2, 272, 0.8, 1.3, 7000, "nvme", 113, 77, "balanced"],
  ["M4 Pro 24 GB", 17, 273, 0.85, 1.3, 2000, "nvme", 119, 78, "balanced"],
  ["RTX 3060 12 GB", 10.8, 360, 0.8, 1.3, 6000, "nvme", 142, 82, "powerful"],
  ["RTX 4090 24 GB", 21.6, 1008, 0.8, 1.2, 18_000, "nvme", 300, 92, "powerful"],
  ["M4 Max 64 GB", 46, 546, 0.85, 1.3, 4000, "nvme", 206, 93, "powerful"],
  ["H200", 125, 4800, 0.7, 1.2, 40_000, "nvme", 590, 100, "powerful"],
];

test.each(machines)(
  "%s",
  (_, usable, bandwidth, efficiency, overheadMs, prefill, disk, rate, score, tier) => {
    const inputs = {
      usableGigabytes: usable,
      bandwidthGigabytes: bandwidth,
      efficiency,
      overheadMs,
      prefillTokensPerSecond: prefill,
      disk,
    };
    // The published table rounds generously.
    expect(Math.abs(decodeTokensPerSecond(inputs, 1.65e9) / rate - 1)).toBeLessThan(0.05);
    expect(Math.abs(scoreOf(inputs) - score)).toBeLessThanOrEqual(1);
    expect(tierOf(scoreOf(inputs))).toBe(tier);
  },
);

test("a tier changes only when the score is well beyond its border", () => {
  expect(tierOf(45)).toBe("balanced");
  expect(tierOf(45, "fast")).toBe("fast");
  expect(tierOf(47, "fast")).toBe("fast");
  expect(tierOf(48, "fast")).toBe("balanced");
  expect(tierOf(43, "balanced")).toBe("balanced");
  expect(tierOf(41, "balanced")).toBe("fast");
  expect(tierOf(79, "powerful")).toBe("powerful");
  expect(tierOf(95, "fast")).toBe("powerful");
});

const withGraphics = (gigabytes: number, bandwidthGigabytes: number): Hardware => ({
  ...laptop,
  graphics: {
    name: "a device",
    memoryBytes: gigabytes * 1e9,
    isUnified: false,
    bandwidthGigabytes,
    isKnown: true,
  },
});

test("what a machine gets grows with it: 0.5B on a laptop, 7B with 12 GB of graphics memory, 32B with 80 GB", async () => {
  const { entries } = await readCatalogue(systemFiles, shipped);
  const best = (hardware: Hardware): string | undefined =>
    recommend(entries, assess(hardware)).best?.entry.id;
  expect(best(laptop)).toBe("qwen2.5-coder-0.5b");
  expect(best(withGraphics(8, 272))).toBe("qwen2.5-coder-1.5b");
  expect(best(withGraphics(12, 360))).toBe("qwen2.5-coder-7b");
  expect(best(withGraphics(24, 1008))).toBe("qwen2.5-coder-7b");
  expect(best(withGraphics(80, 2039))).toBe("qwen2.5-coder-32b-instruct");
  // A little slow, but it sees what follows; on a very slow machine that does not help any more.
  expect(best({ ...laptop, cores: 2, bandwidthGigabytes: 14 })).toBe("qwen2.5-coder-0.5b");
  expect(best({ ...laptop, cores: 1, bandwidthGigabytes: 4, features: [] })).toBe("smollm2-135m-instruct");
  expect(best({ ...laptop, freeMemoryBytes: 1e9 })).toBe("smollm2-135m-instruct");
  expect(best({ ...laptop, freeMemoryBytes: 1e8 })).toBeUndefined();
});

test("never recommends what does not fit, needs consent, is unchecked, hybrid, or made for other work", async () => {
  const { entries } = await readCatalogue(systemFiles, shipped);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 64 }),
      fc.double({ min: 0.05, max: 200, noNaN: true }),
      fc.double({ min: 1, max: 5000, noNaN: true }),
      fc.boolean(),
      (cores, gigabytes, bandwidth, hasGraphics) => {
        const base = hasGraphics ? withGraphics(gigabytes, bandwidth) : laptop;
        const free = gigabytes * 1e9;
        const machine = assess({ ...base, cores, freeMemoryBytes: free, bandwidthGigabytes: bandwidth });
        const { best, verdicts } = recommend(entries, machine);
        const usable = machine.inputs.usableGigabytes * 1e9;
        for (const { entry, fit, neededBytes: needed } of verdicts) {
          if (needed > usable) expect(fit, entry.id).toBe("no");
        }
        if (best === undefined) return;
        expect(best.neededBytes).toBeLessThanOrEqual(usable);
        expect(best.entry).toMatchObject({ needsConsent: false, reuse: undefined, unchecked: undefined });
        expect(best.entry.tasks ?? ["completion"]).toContain("completion");
      },
    ),
  );
});

test("weights, state and fifteen per cent are what a model needs; a mixture's speed is that of its active part", async () => {
  const { entries } = await readCatalogue(systemFiles, shipped);
  const find = (id: string): (typeof entries)[number] => {
    const entry = entries.find((other) => other.id === id);
    if (entry === undefined) throw new Error(id);
    return entry;
  };
  const half = find("qwen2.5-coder-0.5b");
  // Each of the four sequences has its own cells.
  expect(neededBytes(half, 1280)).toBeCloseTo(1.15 * (531_068_128 + 12_288 * 4 * 1280), -3);
  // The default model is judged in its rewritten form.
  expect(neededBytes(find("smollm2-135m-instruct"), 1)).toBeGreaterThan(1.15 * 144_811_232);
  const { inputs } = assess(withGraphics(80, 3000));
  const mixture = find("qwen3-coder-30b-a3b-instruct");
  expect(suggestionMs(inputs, mixture)).toBeLessThan(suggestionMs(inputs, find("codestral-22b")));
});

test("every verdict says why", async () => {
  const { entries } = await readCatalogue(systemFiles, shipped);
  const { verdicts } = recommend(entries, assess(laptop));
  const why = (id: string): string | undefined => verdicts.find(({ entry }) => entry.id === id)?.why;
  expect(why("codestral-22b")).toMatch(/needs 16\.\d GB of 2\.50 GB usable memory/);
  expect(why("qwen2.5-coder-1.5b")).toMatch(/slow here/);
  expect(why("qwen3-coder-next")).toMatch(/every key would cost the whole prompt/);
  expect(why("bge-small-en-v1.5")).toBe("made for embedding, not for completion");
  expect(why("granite-4.0-350m")).toMatch(/^not checked: /);
  expect(why("starcoder2-3b")).toMatch(/BigCode OpenRAIL-M/);
});

test("reads processors: cores without their second threads, and what they can", () => {
  const thread = (cpu: number, core: number): string =>
    `processor\t: ${cpu}\nmodel name\t: Some CPU @ 3 GHz\nphysical id\t: 0\ncore id\t\t: ${core}\nflags\t\t: fpu avx2 avx512_vnni\n`;
  expect(parseProcessor([thread(0, 0), thread(1, 0), thread(2, 1), thread(3, 1)].join("\n"))).toEqual({
    name: "Some CPU @ 3 GHz",
    features: ["fpu", "avx2", "avx512_vnni"],
    cores: 2,
  });
  expect(parseProcessor("processor\t: 0\nFeatures\t: fp asimd asimddp i8mm\n")).toMatchObject({
    features: ["fp", "asimd", "asimddp", "i8mm"],
    cores: undefined,
  });
  expect(parseProcessor("")).toEqual({ name: "unknown processor", features: [], cores: undefined });
});

test("finds the disk below a folder", () => {
  const mounts = [
    "22 1 259:2 / / rw shared:1 - ext4 /dev/nvme0n1p2 rw",
    "30 22 8:1 / /home rw shared:2 - ext4 /dev/sda1 rw",
    "31 22 0:44 / /home/me/tmp rw - tmpfs tmpfs rw",
  ].join("\n");
  expect(deviceOf(mounts, "/home/me/models")).toEqual({ number: "8:1", source: "/dev/sda1" });
  expect(deviceOf(mounts, "/homely")).toEqual({ number: "259:2", source: "/dev/nvme0n1p2" });
  expect(deviceOf("", "/home")).toBeUndefined();
});

test("a control group's limit counts as the machine's memory, and cache that it would give back as free", async () => {
  const files = createMemoryFiles();
  const put = async (path: string, text: string): Promise<void> => {
    await files.makeFolder(path.slice(0, path.lastIndexOf("/")));
    await files.writeText(path, text);
  };
  await put("/proc/self/cgroup", "0::/user/box\n");
  await put("/sys/fs/cgroup/user/box/memory.max", "2000000000\n");
  await put("/sys/fs/cgroup/user/box/memory.current", "1500000000\n");
  await put("/sys/fs/cgroup/user/box/memory.stat", "anon 1\ninactive_file 500000000\n");
  const detect = (): Promise<Hardware> =>
    detectHardware({
      files,
      processes: { ...systemProcesses, platform: "linux" },
      machine: createManualMachine(8),
      threads: systemThreads,
      folder: "/models",
      graphics: undefined,
      signal: noSignal,
    });
  expect(await detect()).toMatchObject({ memoryBytes: 2e9, freeMemoryBytes: 1e9, cores: 8, disk: "unknown" });
  await put("/sys/fs/cgroup/user/box/memory.max", "max\n");
  expect(await detect()).toMatchObject({ memoryBytes: 8 * 2 ** 30, freeMemoryBytes: 4 * 2 ** 30 });
});

test("looks at the real machine", async () => {
  const hardware = await detectHardware({
    files: systemFiles,
    processes: systemProcesses,
    machine: createMachine(),
    threads: systemThreads,
    folder: resolvePaths({}).packageRoot,
    graphics: undefined,
    signal: noSignal,
  });
  expect(hardware.bandwidthGigabytes).toBeGreaterThan(0.1);
  expect(hardware.freeMemoryBytes).toBeLessThanOrEqual(hardware.memoryBytes);
  const { score, tier } = assess(hardware);
  expect(score).toBeGreaterThan(0);
  expect(["fast", "balanced", "powerful"]).toContain(tier);
});

test("without a thread the bandwidth is not known, and a cautious guess takes its place", async () => {
  const failing = {
    start: () => ({ ask: () => Promise.reject(new Error("no threads here")), stop: () => undefined }),
  };
  expect(await measureBandwidth(failing)).toBeUndefined();
  expect(assess({ ...laptop, bandwidthGigabytes: undefined }).inputs.bandwidthGigabytes).toBe(20);
});

test("the tier of the last look is remembered for this machine only", async () => {
  const files = createMemoryFiles();
  expect(await readTier(files, "/data", laptop)).toBeUndefined();
  await rememberTier(files, "/data", assess(laptop));
  expect(await readTier(files, "/data", laptop)).toBe("fast");
  expect(await readTier(files, "/data", { ...laptop, memoryBytes: 32e9 })).toBeUndefined();
  await files.writeText("/data/hardware.json", "{ half");
  expect(await readTier(files, "/data", laptop)).toBeUndefined();
});
