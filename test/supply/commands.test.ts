// `hearth models` and `hearth setup`: what people read, exit codes, progress, and GPU builds put in place and taken out.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { pathToFileURL } from "node:url";
import { Command } from "commander";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFetchProgress } from "../../server/cli/fetch-progress.ts";
import { installGpuBuild, removeGpuBuilds } from "../../server/cli/gpu-build.ts";
import type { GpuBuildDeps } from "../../server/cli/gpu-build.ts";
import { addModelCommands } from "../../server/cli/model-commands.ts";
import { openSetup } from "../../server/cli/open-setup.ts";
import { assess, findGpuMemory, findLibraryFolder, listGpuBuilds } from "../../server/inference/index.ts";
import type { GpuKind } from "../../server/inference/index.ts";
import { openMachineSettings } from "../../server/settings/index.ts";
import type { Settings } from "../../server/settings/index.ts";
import type { SetupDeps } from "../../server/cli/setup.ts";
import {
  createManualClock,
  createMemoryFiles,
  resolvePaths,
  systemClock,
  systemFiles,
  systemProcesses,
} from "../../server/platform/index.ts";
import { laptop } from "./kit/laptop.ts";
import { startFileServer } from "./kit/file-server.ts";
import type { FileServer } from "./kit/file-server.ts";
import { makeModelOfSize, makeSlowModel } from "./kit/gguf.ts";
import { createRememberedOutput } from "./kit/silent-output.ts";
import type { RememberedOutput } from "./kit/silent-output.ts";
import { makeFolder, makeSupply, sha256 } from "./kit/supply-kit.ts";
import type { EntryOptions, SupplyKit } from "./kit/supply-kit.ts";

const model = makeModelOfSize(50_000);
const noSignal = new AbortController().signal;
let server: FileServer;

beforeEach(async () => {
  server = await startFileServer();
  server.serve(model, '"one"');
});
afterEach(() => server.close());

interface CommandKit extends SupplyKit {
  readonly output: RememberedOutput;
  run(...args: readonly string[]): Promise<number>;
}

async function readModelSettings(userFile: string): Promise<Settings["model"]> {
  return (await openMachineSettings({ files: systemFiles, userFile, environment: {} })).current().model;
}

interface Circumstances extends Partial<EntryOptions> {
  readonly idleGraphics?: { readonly kind: GpuKind; readonly name: string };
  readonly modelInUse?: string;
  readonly ask?: SetupDeps["ask"];
  readonly rewriting?: { rewritesSlowFiles: boolean };
}

async function makeCommands(changes: Circumstances = {}, gpu?: GpuBuildDeps): Promise<CommandKit> {
  const kit = await makeSupply(
    { sources: [[`${server.url}/m`]], bytes: model.length, sha256: sha256(model), ...changes },
    {
      // Read at each use: a test may change it.
      settings: () => ({
        isOffline: false,
        hubEndpoint: server.url,
        hubToken: undefined,
        ...changes.rewriting,
      }),
    },
  );
  const output = createRememberedOutput();
  const deps: SetupDeps = {
    supplier: kit.supplier,
    machine: { memoryBytes: 8e9, cores: 4, gpuMemoryBytes: 0 },
    assess: () => Promise.resolve({ ...assess(laptop), idleGraphics: changes.idleGraphics }),
    modelInUse: () => Promise.resolve(changes.modelInUse),
    settings: {
      files: systemFiles,
      file: join(kit.folder, "config", "settings.json"),
      model: () => readModelSettings(join(kit.folder, "config", "settings.json")),
    },
    ask: changes.ask,
    output,
    clock: systemClock,
    signal: noSignal,
    gpu: gpu ?? {
      files: systemFiles,
      processes: systemProcesses,
      libraryFolder: join(kit.folder, "node_modules", "node-llama-cpp"),
      nodePath: process.execPath,
    },
  };
  return {
    ...kit,
    output,
    async run(...args) {
      let exitCode = -1;
      const program = new Command("hearth").exitOverride();
      addModelCommands(program, {
        open: () => Promise.resolve(deps),
        setExitCode: (code) => {
          exitCode = code;
        },
      });
      output.lines.length = 0;
      output.complaints.length = 0;
      await program.parseAsync([...args], { from: "user" });
      return exitCode;
    },
  };
}

test("lists what there is, before and after it is fetched", async () => {
  const kit = await makeCommands();
  expect(await kit.run("models")).toBe(0);
  expect(kit.output.lines[0]).toMatch(/^ {3}model +size +format +memory +made for +licence +file$/);
  expect(kit.output.lines[1]).toMatch(/^\* {2}tiny +51\.2 kB +F32 .* Apache-2\.0 +not here$/);
  expect(kit.output.lines[2]).toMatch(/^\* the default for this machine: .+\.$/);
  expect(await kit.run("models", "pull", "tiny")).toBe(0);
  expect(kit.output.lines).toEqual([`Tiny is ready: ${kit.supplier.pathOf(kit.entry)}`]);
  expect(await kit.run("models", "list", "--json")).toBe(0);
  const listed = JSON.parse(kit.output.lines.join("\n")) as { models: object[] };
  expect(listed.models).toMatchObject([
    {
      id: "tiny",
      isHere: true,
      isReady: true,
      isDefault: true,
      path: kit.supplier.pathOf(kit.entry),
      bytes: model.length,
    },
  ]);
  expect(kit.output.complaints).toEqual([]);
});

test("says of a model that is fetched and not yet rewritten that it is here, and checks it", async () => {
  const slow = makeSlowModel(400, Buffer.alloc(20, 1));
  server.serve(slow, '"slow"');
  const rewriting = { rewritesSlowFiles: false };
  const kit = await makeCommands({ bytes: slow.length, sha256: sha256(slow), rewriting });
  expect(await kit.run("models", "pull", "tiny")).toBe(0);
  const path = await kit.supplier.find(kit.entry);
  rewriting.rewritesSlowFiles = true;
  expect(await kit.run("models", "list")).toBe(0);
  expect(kit.output.lines[1]).toContain(`${path} (rewritten in a faster type before its first use)`);
  expect(await kit.run("models", "list", "--json")).toBe(0);
  expect(JSON.parse(kit.output.lines.join("\n"))).toMatchObject({
    models: [{ isHere: true, isReady: false, path }],
  });
  expect(await kit.run("models", "verify")).toBe(0);
  expect(kit.output.lines).toEqual([`Tiny is whole: ${path}`]);
  expect(await kit.run("models", "use", "tiny")).toBe(0);
  expect(kit.output.lines.join()).not.toContain("not here");
});

test("pulls the default model when none is named, and says why it is the default", async () => {
  const kit = await makeCommands();
  expect(await kit.run("models", "pull")).toBe(0);
  expect(kit.output.lines[0]).toMatch(/^Tiny is the default here: .+\.$/);
  expect(await kit.supplier.find(kit.entry)).toBeDefined();
});

test("says in one sentence why a pull failed", async () => {
  const kit = await makeCommands();
  server.always((_, response) => void response.writeHead(404).end());
  expect(await kit.run("models", "pull", "tiny")).toBe(1);
  expect(kit.output.complaints).toEqual([
    expect.stringMatching(/^Tiny: .* does not have the file \(404\)\./),
  ]);
});

test("asks for consent once where a model has its own terms", async () => {
  const kit = await makeCommands({ needsConsent: true });
  expect(await kit.run("models", "pull", "tiny")).toBe(1);
  expect(kit.output.complaints[0]).toContain("--accept-licence");
  expect(await kit.run("models", "pull", "tiny", "--accept-licence")).toBe(0);
  expect(await kit.run("models", "remove", "tiny")).toBe(0);
  expect(await kit.run("models", "pull", "tiny")).toBe(0);
});

test("verifies, removes and prints paths, each with its exit code", async () => {
  const kit = await makeCommands();
  const path = kit.supplier.pathOf(kit.entry);
  expect(await kit.run("models", "verify")).toBe(0);
  expect(kit.output.lines[0]).toMatch(/^No model is here yet/);
  expect(await kit.run("models", "path", "tiny")).toBe(1);
  expect(kit.output.lines).toEqual([path]);
  expect(await kit.run("models", "remove", "tiny")).toBe(1);
  await kit.run("models", "pull", "tiny");
  expect(await kit.run("models", "path", "tiny")).toBe(0);
  expect(await kit.run("models", "verify")).toBe(0);
  expect(kit.output.lines).toEqual([`Tiny is whole: ${path}`]);
  writeFileSync(path, "broken");
  expect(await kit.run("models", "verify", "tiny")).toBe(1);
  expect(kit.output.complaints.at(-1)).toMatch(/^Tiny: The file is not the one that was expected/);
  expect(await kit.run("models", "remove", "tiny")).toBe(0);
  expect(existsSync(path)).toBe(false);
});

test.each(["pull", "verify", "remove", "path", "use"])(
  "says so when %s does not know the name, and which one is near",
  async (verb) => {
    const kit = await makeCommands();
    expect(await kit.run("models", verb, "somebody-else")).toBe(2);
    expect(kit.output.complaints).toEqual([
      expect.stringMatching(/^There is no model "somebody-else"\. `hearth models` lists/),
    ]);
    expect(await kit.run("models", verb, "Tinny")).toBe(2);
    expect(kit.output.complaints[0]).toContain("Did you mean tiny?");
  },
);

test("recommends: the machine, a verdict for each model, and why", async () => {
  const kit = await makeCommands();
  expect(await kit.run("models", "recommend")).toBe(0);
  const text = kit.output.lines.join("\n");
  expect(text).toMatch(/score +\d+ of 100: fast; 2\.5 GB for models/);
  expect(text).toMatch(/^\* {2}tiny +fits +\d+ ms +.* takes .* of 2\.50 GB usable memory$/m);
  expect(text).toContain("hearth models use tiny");
  expect(await kit.run("models", "recommend", "--json")).toBe(0);
  expect(JSON.parse(kit.output.lines.join("\n"))).toMatchObject({
    best: "tiny",
    tier: "fast",
    models: [{ id: "tiny", fit: "fits", isOffered: true }],
  });
});

test("uses a model: the settings file says so, and keeps what was in it", async () => {
  const kit = await makeCommands();
  const file = join(kit.folder, "config", "settings.json");
  mkdirSync(join(kit.folder, "config"));
  writeFileSync(file, '// mine\n{ "model": { "download": false, "path": "/old.gguf" } }\n');
  expect(await kit.run("models", "use", "tiny")).toBe(0);
  expect(readFileSync(file, "utf8")).toBe(
    '// mine\n{ "model": { "id": "tiny", "download": false, "path": null } }\n',
  );
  expect(kit.output.lines).toEqual([
    `Tiny is the model now. (${file})`,
    expect.stringContaining("hearth stop"),
    expect.stringContaining("hearth models pull tiny"),
  ]);
  expect(await kit.run("models", "use", "hf:maker/thing:Q8_0")).toBe(0);
  expect(await readModelSettings(file)).toMatchObject({ uri: "hf:maker/thing:Q8_0" });
  expect(await kit.run("models", "use", "auto")).toBe(0);
  expect(await readModelSettings(file)).toMatchObject({ id: "auto", uri: undefined, path: undefined });
  writeFileSync(file, "[]");
  expect(await kit.run("models", "use", "tiny")).toBe(1);
  expect(kit.output.complaints[0]).toMatch(/is not changed: the settings must be an object\.$/);
});

test("does not use a model that is made for other work", async () => {
  const kit = await makeCommands({ tasks: ["embedding"] });
  expect(await kit.run("models", "use", "tiny")).toBe(2);
  expect(kit.output.complaints).toEqual([
    "Tiny is made for embedding, not for completion: choose another model.",
  ]);
  expect(await kit.run("models", "recommend")).toBe(1);
  expect(kit.output.lines.at(-1)).toMatch(/^No model fits this machine/);
});

test("does not remove what the daemon has in use, unless it is told to", async () => {
  const kit = await makeCommands({ modelInUse: "tiny" });
  await kit.run("models", "pull", "tiny");
  expect(await kit.run("models", "remove", "tiny")).toBe(1);
  expect(kit.output.complaints[0]).toContain("--force");
  expect(await kit.supplier.find(kit.entry)).toBeDefined();
  expect(await kit.run("models", "remove", "tiny", "--force")).toBe(0);
  expect(await kit.supplier.find(kit.entry)).toBeUndefined();
});

test("sets up: says what the machine is, fetches the model that fits it, and sets it; again changes nothing", async () => {
  const kit = await makeCommands();
  const file = join(kit.folder, "config", "settings.json");
  expect(await kit.run("setup")).toBe(0);
  expect(kit.output.lines[0]).toMatch(/^processor +a laptop, 4 cores$/);
  expect(kit.output.lines[4]).toMatch(/^score +\d+ of 100: fast;/);
  expect(kit.output.lines[5]).toMatch(/^The model for this machine is Tiny: it scores \d+ of 100 \(fast\)/);
  expect(kit.output.lines[6]).toBe(`Tiny is ready: ${kit.supplier.pathOf(kit.entry)}`);
  expect((await readModelSettings(file)).id).toBe("tiny");
  const written = readFileSync(file, "utf8");
  expect(await kit.run("setup")).toBe(0);
  expect(readFileSync(file, "utf8")).toBe(written);
  expect(await kit.run("setup", "--gpu", "abacus")).toBe(2);
});

test("setting up leaves another choice of the user alone, unless it is told yes", async () => {
  const kit = await makeCommands();
  const file = join(kit.folder, "config", "settings.json");
  mkdirSync(join(kit.folder, "config"));
  writeFileSync(file, '{"model.id": "other"}');
  expect(await kit.run("setup")).toBe(0);
  expect(kit.output.lines.at(-1)).toContain("Your settings name other, which stays");
  expect(await kit.run("setup", "--yes")).toBe(0);
  expect(readFileSync(file, "utf8")).toBe('{"model.id": "tiny"}');
});

test("asks one question, when a device waits for its build and somebody can answer", async () => {
  const idleGraphics = { kind: "vulkan", name: "Some Card" } as const;
  const silent = await makeCommands({ idleGraphics });
  expect(await silent.run("setup")).toBe(0);
  expect(silent.output.lines.join("\n")).toContain("`hearth setup --gpu vulkan` brings what it needs");
  const questions: string[] = [];
  const ask = (question: string): Promise<boolean> => {
    questions.push(question);
    return Promise.resolve(questions.length > 1);
  };
  const gpu = makeInstallation(
    `export const getLlama = async ({ gpu }) => ({ gpu, supportsGpuOffloading: true, getGpuDeviceNames: async () => ["Some Card"], getVramState: async () => ({ total: 8e9, unifiedSize: 0 }) });`,
  );
  const asked = await makeCommands({ idleGraphics, ask }, gpu);
  expect(await asked.run("setup")).toBe(0);
  expect(await listGpuBuilds(gpu)).toEqual([]);
  expect(await asked.run("setup")).toBe(0);
  expect(questions).toEqual(
    Array(2).fill(expect.stringMatching(/^Some Card is not used yet\. Fetch the vulkan build/)),
  );
  expect(asked.output.lines.join("\n")).toContain("The vulkan build is in place and finds: Some Card.");
  expect(await listGpuBuilds(gpu)).toEqual(["vulkan"]);
});

test("without a terminal progress is a plain line at most every two seconds", () => {
  const clock = createManualClock();
  const output = createRememberedOutput();
  const progress = createFetchProgress("Tiny", output, clock);
  for (let bytes = 0; bytes <= 1000; bytes += 10) {
    progress.show({ phase: "fetching", receivedBytes: bytes, totalBytes: 1000 });
    clock.advance(100);
  }
  progress.stop();
  // 101 steps in 10 seconds: at 0, 2, 4, 6, 8 and 10.
  expect(output.complaints).toHaveLength(6);
  expect(output.complaints[1]).toBe("Tiny: fetching, 200 B of 1.00 kB (20 %)");
  expect(output.lines).toEqual([]);
});

test("a reader that stops reading, as head does, ends in no stack trace", async () => {
  const door = pathToFileURL(join(resolvePaths({}).packageRoot, "dist/server/cli/output.js")).href;
  const code =
    `const { createSystemOutput } = await import(${JSON.stringify(door)}); const output = createSystemOutput();` +
    `for (let at = 0; at < 200; at += 1) { output.line("x".repeat(10000)); await new Promise((go) => setTimeout(go, 1)); }`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  child.stdout.once("data", () => child.stdout.destroy());
  const exitCode = await new Promise((resolve) => child.once("close", resolve));
  expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: "" });
});

test("on a terminal progress is a bar", async () => {
  const terminal = Object.assign(new PassThrough(), {
    isTTY: true,
    columns: 120,
    cursorTo: () => true,
    clearLine: () => true,
  });
  let drawn = "";
  terminal.on("data", (chunk: Buffer) => (drawn += chunk.toString()));
  const output = createRememberedOutput(terminal as unknown as NodeJS.WriteStream);
  const progress = createFetchProgress("Tiny", output, systemClock);
  progress.show({ phase: "fetching", receivedBytes: 0, totalBytes: undefined });
  progress.show({ phase: "fetching", receivedBytes: 500, totalBytes: 1000 });
  progress.stop();
  await new Promise((resolve) => setImmediate(resolve));
  expect(drawn).toContain("Tiny  fetching");
  expect(drawn).toContain("50%");
  expect([...output.lines, ...output.complaints]).toEqual([]);
});

/** An installation with a stand-in for the library and one for npm: what npm brings, and what the library then says. */
function makeInstallation(
  library: string,
  npmExit = 0,
): GpuBuildDeps & { readonly root: string; readonly said: string[] } {
  const root = makeFolder();
  const libraryFolder = join(root, "node_modules", "node-llama-cpp");
  mkdirSync(join(libraryFolder, "dist"), { recursive: true });
  writeFileSync(join(libraryFolder, "package.json"), `{"version": "3.22.1", "type": "module"}`);
  writeFileSync(join(libraryFolder, "dist", "index.js"), library);
  const stub = join(root, "node_modules", "@node-llama-cpp", "linux-x64-vulkan");
  mkdirSync(stub, { recursive: true });
  writeFileSync(join(stub, "package.json"), `{"name": "empty"}`);
  const npm = join(root, "npm-cli.js");
  writeFileSync(
    npm,
    `const fs = require("node:fs"), path = require("node:path");
     const args = process.argv.slice(2), prefix = args[args.indexOf("--prefix") + 1];
     if (!args.includes("--ignore-scripts")) process.exit(9);
     for (const wanted of args.filter((arg) => arg.startsWith("@"))) {
       const folder = path.join(prefix, "node_modules", wanted.slice(0, wanted.lastIndexOf("@")));
       fs.mkdirSync(path.join(folder, "bins"), { recursive: true });
       fs.writeFileSync(path.join(folder, "wanted"), wanted);
     }
     if (${npmExit}) console.error("npm error code E404");
     process.exit(${npmExit});`,
  );
  const said: string[] = [];
  return {
    root,
    said,
    files: systemFiles,
    processes: {
      ...systemProcesses,
      platform: "linux",
      architecture: "x64",
      environment: { npm_execpath: npm },
    },
    libraryFolder,
    nodePath: process.execPath,
    say: (line) => void said.push(line),
    signal: noSignal,
  };
}

const libraryWith = (body: string): string => `export async function getLlama({ gpu }) { ${body} }`;
const works = libraryWith(
  `console.log("noise on stdout"); return { gpu, supportsGpuOffloading: true, getGpuDeviceNames: async () => ["Card One"],` +
    `getVramState: async () => ({ total: 8e9, unifiedSize: 0 }) };`,
);
const buildsIn = (root: string): readonly string[] =>
  readdirSync(join(root, "node_modules", "@node-llama-cpp")).sort();

test("puts a GPU build of the installed version in place, and takes it out again", async () => {
  const deps = makeInstallation(works);
  expect(await listGpuBuilds(deps)).toEqual([]);
  expect(await installGpuBuild(deps, "vulkan")).toMatchObject({
    ok: true,
    value: { devices: ["Card One"], memoryBytes: 8e9 },
  });
  const place = join(deps.root, "node_modules", "@node-llama-cpp", "linux-x64-vulkan");
  expect(readFileSync(join(place, "wanted"), "utf8")).toBe("@node-llama-cpp/linux-x64-vulkan@3.22.1");
  expect(await listGpuBuilds(deps)).toEqual(["vulkan"]);
  // A second time replaces it.
  expect(await installGpuBuild(deps, "vulkan")).toMatchObject({ ok: true });
  expect(await removeGpuBuilds(deps)).toEqual({ ok: true, value: ["linux-x64-vulkan"] });
  expect(await listGpuBuilds(deps)).toEqual([]);
  expect(readdirSync(deps.root).sort()).toEqual(["node_modules", "npm-cli.js"]);
});

test("brings both CUDA packages", async () => {
  const deps = makeInstallation(works);
  expect(await installGpuBuild(deps, "cuda")).toMatchObject({ ok: true });
  expect(buildsIn(deps.root)).toEqual(["linux-x64-cuda", "linux-x64-cuda-ext", "linux-x64-vulkan"]);
  expect(await removeGpuBuilds(deps)).toEqual({ ok: true, value: ["linux-x64-cuda", "linux-x64-cuda-ext"] });
});

test.each([
  [
    "says that it cannot be loaded",
    libraryWith(`throw new Error("NoBinaryFoundError")`),
    /NoBinaryFoundError/,
  ],
  ["aborts the process", libraryWith(`process.abort()`), /ended with code/],
  ["makes the library choose another build", libraryWith(`return { gpu: false }`), /another build/],
  ["answers nonsense", libraryWith(`console.log("hello"); process.exit(0)`), /could not be read/],
])("puts everything back when the build %s", async (_, library, says) => {
  const deps = makeInstallation(library);
  const result = await installGpuBuild(deps, "vulkan");
  expect(result).toMatchObject({ ok: false, failure: expect.stringMatching(says) as string });
  expect(result).toMatchObject({ failure: expect.stringContaining("as it was before") as string });
  const place = join(deps.root, "node_modules", "@node-llama-cpp", "linux-x64-vulkan");
  expect(readFileSync(join(place, "package.json"), "utf8")).toBe(`{"name": "empty"}`);
  expect(readdirSync(deps.root).sort()).toEqual(["node_modules", "npm-cli.js"]);
});

test("keeps what is there when npm fails, and passes on why", async () => {
  const deps = makeInstallation(works, 1);
  expect(await installGpuBuild(deps, "vulkan")).toMatchObject({
    ok: false,
    failure: expect.stringContaining("E404") as string,
  });
  expect(await listGpuBuilds(deps)).toEqual([]);
});

test("says where there is no build to bring", async () => {
  const deps = makeInstallation(works);
  const onMac = { ...deps, processes: { ...deps.processes, platform: "darwin", architecture: "arm64" } };
  expect(await installGpuBuild(onMac, "vulkan")).toMatchObject({
    failure: expect.stringContaining("Mac") as string,
  });
  const onPi = { ...deps, processes: { ...deps.processes, architecture: "arm64" } };
  expect(await installGpuBuild(onPi, "cuda")).toMatchObject({
    failure: expect.stringContaining("arm64") as string,
  });
});

test("tells apart a build without a device from one that works", async () => {
  const none = makeInstallation(libraryWith(`return { gpu, supportsGpuOffloading: false };`));
  const kit = await makeCommands({}, none);
  expect(await kit.run("setup", "--gpu", "vulkan")).toBe(1);
  expect(kit.output.complaints[0]).toMatch(/finds no device: install the driver/);
  expect(await kit.run("setup", "--gpu", "none")).toBe(0);
  expect(kit.output.lines).toEqual(["Taken out: linux-x64-vulkan. Models run on the CPU now."]);
  expect(await kit.run("setup", "--gpu", "none")).toBe(0);
  const good = await makeCommands({}, makeInstallation(works));
  expect(await good.run("setup", "--gpu", "vulkan")).toBe(0);
  expect(good.output.lines.at(-2)).toBe("The vulkan build is in place and finds: Card One.");
});

test("counts the memory of a GPU only when a build for it is in place", async () => {
  const deps = makeInstallation(works);
  const folder = makeFolder();
  writeFileSync(join(folder, "nvidia-smi"), "#!/bin/sh\necho 6144\necho 8192\n", { mode: 0o755 });
  const processes = {
    ...deps.processes,
    run: (command: string, args: readonly string[], options = {}) =>
      systemProcesses.run(command, args, { ...options, environment: { PATH: folder } }),
  };
  const machine = { ...deps, processes, memoryBytes: 32e9 };
  expect(await findGpuMemory(machine)).toBe(0);
  mkdirSync(join(deps.root, "node_modules", "@node-llama-cpp", "linux-x64-cuda", "bins"), {
    recursive: true,
  });
  expect(await findGpuMemory(machine)).toBe(8192 * 2 ** 20);
  const files = createMemoryFiles();
  files.put("/lib/@node-llama-cpp/linux-x64-vulkan/bins/x", Buffer.from(""));
  await files.makeFolder("/lib/@node-llama-cpp/linux-x64-vulkan/bins");
  files.put("/sys/class/drm/card1/device/mem_info_vram_total", Buffer.from("17163091968\n"));
  const amd = { ...machine, files, libraryFolder: "/lib/node-llama-cpp" };
  expect(await findGpuMemory(amd)).toBe(17163091968);
  const mac = { ...machine, processes: { ...processes, platform: "darwin", architecture: "arm64" } };
  expect(await findGpuMemory(mac)).toBe(Math.floor(32e9 * 0.66));
});

test("composes itself for the real machine", async () => {
  const home = makeFolder();
  const deps = await openSetup({
    modelSettings: () => readModelSettings(join(home, "none")),
    modelInUse: () => Promise.resolve(undefined),
    environment: { HEARTH_HOME: home },
    isOffline: true,
    rewritesSlowFiles: true,
    signal: noSignal,
  });
  expect(deps.supplier.catalogueProblems).toEqual([]);
  expect(deps.gpu.libraryFolder).toBe(await findLibraryFolder(systemFiles));
  expect(deps.machine.memoryBytes).toBeGreaterThan(0);
  const chosen = await deps.supplier.chooseDefault(deps.machine, noSignal);
  expect(deps.supplier.pathOf(chosen!.entry).startsWith(home)).toBe(true);
});
