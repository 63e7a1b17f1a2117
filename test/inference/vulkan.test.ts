// Offload to a graphics device, with a device that every machine can have: Mesa's software device for Vulkan.
import { cpSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { chain, FIM_MIDDLE } from "../kit/fixture-model.ts";
import { runChild } from "./child-process.ts";
import { removeFixtures, writeFixture } from "./fixture.ts";

// The software device compiles its shaders at the first use: about 10 s of one core, minutes on a busy machine.
vi.setConfig({ testTimeout: 300_000 });

const root = new URL("../..", import.meta.url).pathname;
const copy = join(root, ".cache/vulkan");
const driver = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d"]
  .flatMap((folder) => (existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []))
  .find((file) => /lvp_icd.*\.json$/.test(file));
const isHere =
  driver !== undefined && existsSync(join(copy, "node_modules/@node-llama-cpp/linux-x64-vulkan/bins"));
const how = isHere ? "" : " (not here: `bash scripts/install-vulkan.sh` brings it)";

afterAll(removeFixtures);

interface Outcome {
  readonly backend: string;
  readonly gpuDevices: readonly string[];
  readonly gpuLayers: number;
  readonly answers: readonly { readonly text: string }[];
}

test.skipIf(!isHere)(`layers on a Vulkan device give the tokens of the processor${how}`, async () => {
  // The copy stands for an installation with the GPU build; what it runs is today's build.
  cpSync(join(root, "dist"), join(copy, "dist"), { recursive: true });
  const model = writeFixture({
    words: [" return", " total", " plus", " tax", "calculate", "Price", "loop", " again", "    return"],
    next: [
      ...chain("(", "calculate", "Price", ")", " plus", " tax", " total", "\n"),
      ...chain("[", "loop", " again", " tax", "\n"),
      ...chain(FIM_MIDDLE, "    return", " total", "\n"),
      ["a", ")"],
    ],
  });
  const answer = async (gpu: string): Promise<Outcome> => {
    const outcome = await runChild(
      new URL("child/offload.ts", import.meta.url).pathname,
      [copy, gpu, model],
      {
        // Older loaders know the second name only. Devices of the kind "processor" are used only where they are named.
        VK_DRIVER_FILES: driver ?? "",
        VK_ICD_FILENAMES: driver ?? "",
        GGML_VK_VISIBLE_DEVICES: "0",
        LP_NUM_THREADS: "1",
      },
    );
    expect(outcome, outcome.stderr).toMatchObject({ code: 0, stdout: "" });
    return JSON.parse(/^RESULT (.*)$/m.exec(outcome.stderr)?.[1] ?? "null") as Outcome;
  };
  const onProcessor = await answer("off");
  const onDevice = await answer("auto");
  expect(onProcessor).toMatchObject({ backend: "cpu", gpuDevices: [], gpuLayers: 0 });
  expect(onDevice).toMatchObject({ backend: "vulkan", gpuDevices: [expect.stringContaining("llvmpipe")] });
  // The fixture's two layers and its output.
  expect(onDevice.gpuLayers).toBe(3);
  expect(onProcessor.answers.map(({ text }) => text)).toEqual([
    "calculatePrice) plus tax total",
    ") plus tax total",
    "loop again tax total",
    "rn total",
  ]);
  expect(onDevice.answers).toEqual(onProcessor.answers);
});
