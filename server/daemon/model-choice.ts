// Which model this machine uses: what the user named, else the default for the hardware, asked for only when somebody needs it.
import type { CatalogueEntry, InferenceService, ModelSupplier } from "../inference/index.ts";
import { describeError } from "../kernel/index.ts";
import type { Log, Machine } from "../platform/index.ts";
import type { Settings } from "../settings/index.ts";

export interface ModelChoice {
  /** In order of preference. Empty until `choose` has run; filled in place, since the inference service holds this list. */
  readonly candidates: readonly CatalogueEntry[];
  /** Runs once, however often it is called. May ask a model hub whether it answers. */
  choose(): Promise<void>;
}

export function createModelChoice(deps: {
  readonly supplier: ModelSupplier;
  readonly machine: Machine;
  readonly settings: () => Settings["model"];
  readonly hasModel: boolean;
  readonly log: Log;
}): ModelChoice {
  const { supplier, machine, log } = deps;
  const candidates: CatalogueEntry[] = [];
  let choosing: Promise<void> | undefined;

  const choose = async (): Promise<void> => {
    const { id, path, uri } = deps.settings();
    if (!deps.hasModel || id === "none") return;
    const named = path ?? uri ?? (id === "auto" ? undefined : id);
    if (named !== undefined) {
      const entry = supplier.resolve(named);
      if (entry === undefined) {
        log.error({ named }, "the settings name a model that is neither in the catalogue nor a uri");
      } else {
        candidates.push(entry);
      }
      return;
    }
    const facts = { memoryBytes: machine.totalMemoryBytes, cores: machine.cores, gpuMemoryBytes: 0 };
    const chosen = await supplier.chooseDefault(facts, new AbortController().signal);
    if (chosen === undefined) return;
    log.info({ model: chosen.entry.id, reason: chosen.reason }, "the default model was chosen");
    candidates.push(chosen.entry);
    // What cannot be had or loaded gives way to something that is here already.
    for (const entry of supplier.catalogue) {
      if (entry !== chosen.entry && (await supplier.find(entry)) !== undefined) candidates.push(entry);
    }
  };

  return {
    candidates,
    choose() {
      choosing ??= choose().catch((error: unknown) => {
        log.error({ error: describeError(error) }, "no default model could be chosen");
      });
      return choosing;
    },
  };
}

/** The same service, which makes its choice when it is first asked to prepare. */
export function withChoice(inference: InferenceService, choice: ModelChoice): InferenceService {
  return {
    ...inference,
    prepare: () => void choice.choose().then(() => inference.prepare()),
    switchOn: () => void choice.choose().then(() => inference.switchOn()),
  };
}
