// Batch work: the native parser gives the facts that the WebAssembly one gives, and everything works without it.
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createInstalledFiles } from "../../server/platform/index.ts";
import type { InstalledFiles } from "../../server/platform/index.ts";
import { createText } from "../../server/text/index.ts";
import { grammarsFolder, languageOf, startService } from "./service.ts";

const signal = AbortSignal.timeout(60_000);
const installed = createInstalledFiles();

function withoutNative(importPackage: InstalledFiles["importPackage"]): InstalledFiles {
  return { ...installed, importPackage };
}

const absent = (): Promise<unknown> =>
  Promise.reject(Object.assign(new Error("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" }));
const broken = (): Promise<unknown> => Promise.reject(new Error("libstdc++.so.6: version not found"));

async function validSamples(languageId: string): Promise<readonly string[]> {
  const folder = join(grammarsFolder, languageId, "samples");
  const names = (await readdir(folder)).filter((name) => !/^broken|\.facts$/.test(name));
  return Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
}

describe("facts of a text that is not open", () => {
  it("are the same from the native and the WebAssembly parser", async () => {
    const native = await startService({ mayBlock: true });
    const wasm = await startService({ files: withoutNative(absent) });
    let compared = 0;
    for (const language of native.languages.all) {
      const manifest = await readFile(join(grammarsFolder, language.id, "manifest.json"), "utf8");
      if (!manifest.includes('"native": {')) continue;
      for (const sample of await validSamples(language.id)) {
        const text = createText(sample);
        const facts = await native.factsOf(language, text, signal);
        expect(facts).toEqual(await wasm.factsOf(languageOf(wasm, language.id), text, signal));
        expect(facts?.declarations.length).toBeGreaterThan(0);
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(5);
    // Where the optional package did not install, both routes are the same one, and the test says so here.
    const { state } = native.status().native;
    if (state !== "working") console.warn(`the native parser is ${state}: only one route was compared`);
    expect(wasm.status().native.state).toBe("absent");
    native.dispose();
    wasm.dispose();
  });

  it("come from WebAssembly where the native package breaks at load, and the state says why", async () => {
    const service = await startService({ files: withoutNative(broken) });
    const facts = await service.factsOf(
      languageOf(service, "python"),
      createText("def f():\n    pass\n"),
      signal,
    );
    expect(facts?.declarations.map(({ name }) => name)).toEqual(["f"]);
    expect(service.status().native).toEqual({ state: "broken", reason: "libstdc++.so.6: version not found" });
    service.dispose();
  });

  it("come from WebAssembly where the native package loads but cannot parse", async () => {
    const service = await startService({
      files: withoutNative(() =>
        Promise.resolve({
          default: class {
            setLanguage(): void {
              throw new TypeError("Invalid language object");
            }
          },
        }),
      ),
    });
    const facts = await service.factsOf(languageOf(service, "python"), createText("x = 1\n"), signal);
    expect(facts?.declarations.map(({ name }) => name)).toEqual(["x"]);
    expect(service.status().native.state).toBe("broken");
    service.dispose();
  });

  it("are the same for a text with errors, whichever parser there is", async () => {
    const text = createText("def f(:\n    return g(\n");
    const native = await startService({ mayBlock: true });
    const wasm = await startService({ files: withoutNative(absent) });
    expect(await native.factsOf(languageOf(native, "python"), text, signal)).toEqual(
      await wasm.factsOf(languageOf(wasm, "python"), text, signal),
    );
    native.dispose();
    wasm.dispose();
  });

  it("are the facts of the same text when it is open, and leave no tree behind", async () => {
    const service = await startService();
    const [sample = ""] = await validSamples("typescript");
    const language = languageOf(service, "typescript");
    const document = service.openDocument(language, createText(sample));
    const open = (await document.whenParsed(signal))?.facts();
    document.dispose();
    expect(await service.factsOf(language, createText(sample), signal)).toEqual(open);
    await expect.poll(() => service.status().liveTrees).toBe(0);
    service.dispose();
  });

  it("are not there for a cancelled request or a text beyond the limit", async () => {
    const service = await startService();
    const language = languageOf(service, "python");
    expect(await service.factsOf(language, createText("x = 1\n"), AbortSignal.abort())).toBeUndefined();
    expect(await service.factsOf(language, createText("x = 1\n".repeat(400_000)), signal)).toBeUndefined();
    service.dispose();
  });
});
