// A process that loads the model files named in its arguments, asks each for a line, and writes nothing itself to stdout.
import { createInferenceService, defaultInferenceSettings } from "../../../server/inference/index.ts";
import { createMachine, openFolderFiles, systemClock } from "../../../server/platform/index.ts";
import type { Log } from "../../../server/platform/index.ts";
import { entryFor, modelData, request, supplierOf, untilState } from "../fixture.ts";

const [stateFolder = "", gpu = "off", ...files] = process.argv.slice(2);

const write = (level: string) => (fields: object, message: string) => {
  process.stderr.write(`${level} ${message} ${JSON.stringify(fields)}\n`);
};
const log: Log = {
  debug: write("debug"),
  info: write("info"),
  warn: write("warn"),
  error: write("error"),
  child: () => log,
};

const service = createInferenceService({
  supplier: { ...supplierOf(""), find: ({ id }) => Promise.resolve(id) },
  // The paths stand in for ids: a file that does not load makes the service take the next one.
  candidates: () => Promise.resolve(files.map((file) => entryFor({ id: file }))),
  modelData,
  stateFiles: openFolderFiles(stateFolder),
  machine: createMachine(),
  clock: systemClock,
  log,
  settings: { ...defaultInferenceSettings, gpu: gpu === "auto" ? "auto" : "off" },
});
service.prepare();
const status = await untilState(service, "ready");
const result = await service.complete(request("f("), new AbortController().signal);
process.stderr.write(`RESULT ${JSON.stringify({ status, result })}\n`);
await service.dispose();
