// Which models a daemon tries, in order: the chosen default, then what needs no network.
import { expect, test } from "vitest";
import { chooseModels } from "../../server/daemon/model-choice.ts";
import { createModelSupplier } from "../../server/inference/index.ts";
import {
  createManualMachine,
  createMemoryFiles,
  silentLog,
  systemClock,
  systemDownloads,
  systemProcesses,
} from "../../server/platform/index.ts";
import { createDefaultSettings } from "../../server/settings/index.ts";
import { catalogueOf } from "../supply/kit/supply-kit.ts";
import type { EntryOptions } from "../supply/kit/supply-kit.ts";

const elsewhere: EntryOptions = { id: "elsewhere", sources: [["https://example.org/m.gguf"]] };
const other: EntryOptions = { id: "other", sources: [["https://example.org/n.gguf"]] };
const bundled: EntryOptions = { id: "bundled", sources: [["package:parts/m.gguf.part00"]] };

/** The first entry is the catalogue's choice for machines that reach no hub. */
async function choose(...entries: readonly EntryOptions[]): Promise<readonly string[]> {
  const files = createMemoryFiles();
  files.put("/package/catalog.json", Buffer.from(catalogueOf(...entries)));
  const supplier = await createModelSupplier({
    files,
    processes: systemProcesses,
    downloads: systemDownloads,
    clock: systemClock,
    folder: "/models",
    catalogueFile: "/package/catalog.json",
    settings: () => ({ isOffline: true, hubEndpoint: undefined, hubToken: undefined }),
  });
  const settings = createDefaultSettings().current().model;
  const chosen = await chooseModels(
    {
      supplier,
      machine: createManualMachine(2),
      files,
      processes: systemProcesses,
      settings: () => settings,
      hasModel: true,
      log: silentLog,
    },
    new AbortController().signal,
  );
  return chosen.map(({ id }) => id);
}

test("a model that came with hearth stands in for one that cannot be had, although it was never joined", async () => {
  expect(await choose(elsewhere, other, bundled)).toEqual(["elsewhere", "bundled"]);
});

test("it is tried first where it is the choice, and only once", async () => {
  expect(await choose(bundled, elsewhere)).toEqual(["bundled"]);
});
