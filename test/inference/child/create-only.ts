// A process with the service, but without a model: what the daemon is until one is wanted.
import { createInferenceService, defaultInferenceSettings } from "../../../server/inference/index.ts";
import {
  createMachine,
  createMemoryFolderFiles,
  silentLog,
  systemClock,
} from "../../../server/platform/index.ts";
import { modelData, request, supplierOf } from "../fixture.ts";

const service = createInferenceService({
  supplier: supplierOf(""),
  candidates: () => Promise.resolve([]),
  modelData,
  stateFiles: createMemoryFolderFiles(),
  machine: createMachine(),
  clock: systemClock,
  log: silentLog,
  settings: defaultInferenceSettings,
});
service.prepare();
const result = await service.complete(request("f("), new AbortController().signal);
process.stderr.write(`RESULT ${JSON.stringify(result)}\n`);
await service.dispose();
