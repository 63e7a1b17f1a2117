// A process that answers with the engine of another copy of this installation: offload.ts COPY off|auto MODEL.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type * as Room from "../../../server/inference/index.ts";
import {
  createMachine,
  createMemoryFolderFiles,
  silentLog,
  systemClock,
} from "../../../server/platform/index.ts";
import { complete, entryFor, modelData, request, supplierOf, untilState } from "../fixture.ts";

const [copy = "", gpu = "off", model = ""] = process.argv.slice(2);
const room = (await import(pathToFileURL(join(copy, "dist/server/inference/index.js")).href)) as typeof Room;

const service = room.createInferenceService({
  supplier: supplierOf(model),
  candidates: () => Promise.resolve([entryFor({ promptFormat: "qwen" })]),
  modelData,
  stateFiles: createMemoryFolderFiles(),
  machine: createMachine(),
  clock: systemClock,
  log: silentLog,
  settings: { ...room.defaultInferenceSettings, gpu: gpu === "auto" ? "auto" : "off", threads: 1 },
});
service.prepare();
const { backend, gpuDevices, gpuLayers, memoryBytes } = await untilState(service, "ready");
const answers = [];
for (const before of ["x = f(", "x = f(a", "x = f(a)\ny = [", "def g():\n    retu"]) {
  const { text, stop, tokens } = await complete(
    service,
    request(before, { document: before, after: "\nmore\n", maxTokens: 32 }),
  );
  answers.push({ text, stop, tokens });
}
process.stderr.write(`RESULT ${JSON.stringify({ backend, gpuDevices, gpuLayers, memoryBytes, answers })}\n`);
await service.dispose();
