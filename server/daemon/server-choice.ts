// Puts the user's server in front of the local model, when the settings name one that may be used.
import {
  createRoutedInference,
  createServerCompletions,
  parsePromptFormats,
  readServerOptions,
  withUnusedServer,
} from "../inference/index.ts";
import type { InferenceService, ModelSupplier } from "../inference/index.ts";
import { createHttpCalls } from "../platform/index.ts";
import type { Clock, Environment, FolderFiles, Log } from "../platform/index.ts";
import type { Settings } from "../settings/index.ts";

interface ServerChoiceDeps {
  readonly environment: Environment;
  /** The folder models/ of the package. */
  readonly modelData: FolderFiles;
  readonly supplier: Pick<ModelSupplier, "resolve">;
  readonly clock: Clock;
  readonly log: Log;
}

/** Of a model that nobody calibrated, as in the catalogue: a guess. */
const CONFIDENCE_GATE = 0.6;

/** `hasModel`: false after the local model brought the daemon down again and again. */
export function withServer(
  deps: ServerChoiceDeps,
  settings: Settings,
  local: InferenceService,
  hasModel: boolean,
): InferenceService {
  const parsed = parsePromptFormats(deps.modelData.read("prompt-formats.json") ?? "");
  const formats = parsed.ok ? parsed.value : new Map<string, never>();
  const options = readServerOptions(settings.server, {
    environment: deps.environment,
    isOffline: settings.offline,
    formats: new Set(formats.keys()),
  });
  if (options === undefined) return local;
  if (!options.ok) {
    deps.log.error({ reason: options.failure }, "the server in the settings is not used");
    return withUnusedServer(local, options.failure);
  }
  const server = createServerCompletions({
    options: options.value,
    calls: createHttpCalls(),
    clock: deps.clock,
    log: deps.log.child({ room: "inference" }),
    random: Math.random,
    formats,
    formatOf: (modelName) => formatOf(deps.supplier, modelName),
    confidenceGate: settings.completion.confidenceGate ?? CONFIDENCE_GATE,
    contextTokens: settings.inference.contextTokens,
  });
  return createRoutedInference({
    server,
    local,
    hasLocal: hasModel && settings.model.id !== "none",
    clock: deps.clock,
  });
}

/** The catalogue knows formats by pieces of file names; a server's model is looked up as if it were a file. */
function formatOf(supplier: Pick<ModelSupplier, "resolve">, modelName: string): string | undefined {
  const stem =
    modelName
      .split("/")
      .at(-1)
      ?.replaceAll(/[^\w.-]/g, "-") ?? "";
  if (stem === "") return undefined;
  return supplier.resolve(`hf:server/model/${stem.replace(/\.gguf$/i, "")}.gguf`)?.promptFormat;
}
