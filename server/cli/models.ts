// `hearth models`: what is there, and fetching, verifying and removing it.
import { formatBytes, tasksOf } from "../inference/index.ts";
import type { CatalogueEntry, LocatedModel, MachineFacts, ModelSupplier } from "../inference/index.ts";
import { editDistance } from "../kernel/index.ts";
import type { Clock } from "../platform/index.ts";
import { createFetchProgress } from "./fetch-progress.ts";
import type { AssessedMachine } from "./machine.ts";
import { renderTable } from "./output.ts";
import type { Output } from "./output.ts";

export interface ModelsDeps {
  readonly supplier: ModelSupplier;
  readonly machine: MachineFacts;
  /** Looks at the machine; takes a moment. */
  readonly assess: () => Promise<AssessedMachine>;
  /** The model that a running daemon has in use; undefined without one. */
  readonly modelInUse: () => Promise<string | undefined>;
  readonly output: Output;
  readonly clock: Clock;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Every command resolves with the exit code: 0 done, 1 not done, 2 not understood. */
export async function listModels(deps: ModelsDeps, options: { readonly asJson: boolean }): Promise<number> {
  const { supplier, output } = deps;
  const rows = await Promise.all(
    supplier.catalogue.map(async (entry) => ({ entry, located: await supplier.locate(entry) })),
  );
  const chosen = await supplier.chooseDefault(deps.machine, deps.signal);
  if (options.asJson) {
    const models = rows.map(({ entry, located }) => ({
      id: entry.id,
      name: entry.name,
      isHere: located !== undefined,
      isReady: located?.isReady === true,
      isDefault: entry.id === chosen?.entry.id,
      path: located?.path ?? supplier.pathOf(entry),
      bytes: entry.bytes,
      quantisation: entry.quantisation,
      licence: entry.licence,
      needsConsent: entry.needsConsent,
      minimumMemoryBytes: entry.minimumMemoryBytes,
      tasks: tasksOf(entry),
      reuse: entry.reuse !== false,
      unchecked: entry.unchecked,
    }));
    const reason = chosen?.reason;
    output.line(
      JSON.stringify({ models, defaultReason: reason, problems: supplier.catalogueProblems }, null, 2),
    );
    return 0;
  }
  const cells = rows.map(({ entry, located }) => [
    entry.id === chosen?.entry.id ? "*" : " ",
    entry.id,
    entry.bytes === undefined ? "?" : formatBytes(entry.bytes),
    entry.quantisation,
    formatBytes(entry.minimumMemoryBytes),
    tasksOf(entry).join(", ") + (entry.unchecked === undefined ? "" : " (unchecked)"),
    entry.licence,
    fileOf(located),
  ]);
  const head = [" ", "model", "size", "format", "memory", "made for", "licence", "file"];
  for (const line of renderTable([head, ...cells])) output.line(line);
  if (chosen !== undefined) output.line(`* the default for this machine: ${chosen.reason}.`);
  for (const problem of supplier.catalogueProblems) output.complain(problem);
  return 0;
}

function fileOf(located: LocatedModel | undefined): string {
  if (located === undefined) return "not here";
  return located.isReady ? located.path : `${located.path} (rewritten in a faster type before its first use)`;
}

/** Without a name: the default for this machine. */
export async function pullModel(
  deps: ModelsDeps,
  options: { readonly name: string | undefined; readonly acceptsLicence: boolean },
): Promise<number> {
  const entry = options.name === undefined ? await defaultEntry(deps) : resolveEntry(deps, options.name);
  if (entry === undefined) return 2;
  if (options.acceptsLicence && entry.needsConsent) await deps.supplier.consent(entry);
  return fetchModel(deps, entry);
}

export async function verifyModel(
  deps: ModelsDeps,
  options: { readonly name: string | undefined },
): Promise<number> {
  const { supplier, output } = deps;
  const named = options.name === undefined ? undefined : resolveEntry(deps, options.name);
  if (options.name !== undefined && named === undefined) return 2;
  const entries = named === undefined ? await presentEntries(supplier) : [named];
  if (entries.length === 0) {
    output.line("No model is here yet: `hearth models pull` fetches the default one.");
    return 0;
  }
  let exitCode = 0;
  for (const entry of entries) {
    const progress = createFetchProgress(entry.name, output, deps.clock);
    const result = await supplier.verify(entry, { signal: deps.signal, onProgress: progress.show });
    progress.stop();
    if (result.ok) output.line(`${entry.name} is whole: ${result.value}`);
    else {
      output.complain(`${entry.name}: ${supplier.explain(result.failure)}`);
      exitCode = 1;
    }
  }
  return exitCode;
}

export async function removeModel(
  deps: ModelsDeps,
  options: { readonly name: string; readonly isForced: boolean },
): Promise<number> {
  const { supplier, output } = deps;
  const entry = resolveEntry(deps, options.name);
  if (entry === undefined) return 2;
  if (!options.isForced && (await deps.modelInUse()) === entry.id) {
    output.complain(
      `${entry.name} is in use by the running daemon: end it with \`hearth stop\`, or add --force.`,
    );
    return 1;
  }
  const wasThere = await supplier.remove(entry);
  output.line(wasThere ? `${entry.name} is removed.` : `${entry.name} is not here: nothing to remove.`);
  return wasThere ? 0 : 1;
}

/** For scripts: the path alone, also when nothing is there yet (then with exit code 1). */
export async function printModelPath(deps: ModelsDeps, options: { readonly name: string }): Promise<number> {
  const entry = resolveEntry(deps, options.name);
  if (entry === undefined) return 2;
  const found = await deps.supplier.find(entry);
  deps.output.line(found ?? deps.supplier.pathOf(entry));
  return found === undefined ? 1 : 0;
}

/** Fetches with progress and says how it ended; the exit code. */
export async function fetchModel(deps: ModelsDeps, entry: CatalogueEntry): Promise<number> {
  const { supplier, output } = deps;
  const progress = createFetchProgress(entry.name, output, deps.clock);
  const notices: string[] = [];
  const result = await supplier.fetch(entry, {
    signal: deps.signal,
    onProgress: progress.show,
    onNotice: (sentence) => void notices.push(sentence),
  });
  progress.stop();
  for (const notice of notices) output.complain(notice);
  if (result.ok) {
    output.line(`${entry.name} is ready: ${result.value}`);
    return 0;
  }
  output.complain(`${entry.name}: ${supplier.explain(result.failure)}`);
  return 1;
}

async function presentEntries(supplier: ModelSupplier): Promise<readonly CatalogueEntry[]> {
  const located = await Promise.all(supplier.catalogue.map((entry) => supplier.locate(entry)));
  return supplier.catalogue.filter((_, index) => located[index] !== undefined);
}

async function defaultEntry(deps: ModelsDeps): Promise<CatalogueEntry | undefined> {
  const chosen = await deps.supplier.chooseDefault(deps.machine, deps.signal);
  if (chosen === undefined)
    deps.output.complain("The catalogue names no default model: install hearth again.");
  else deps.output.line(`${chosen.entry.name} is the default here: ${chosen.reason}.`);
  return chosen?.entry;
}

export function resolveEntry(
  { supplier, output }: Pick<ModelsDeps, "supplier" | "output">,
  name: string,
): CatalogueEntry | undefined {
  const entry = supplier.resolve(name);
  if (entry === undefined) {
    const nearest = supplier.catalogue
      .map(({ id }) => ({ id, distance: distanceTo(id, name.toLowerCase()) }))
      .sort((left, right) => left.distance - right.distance)[0];
    const isNear = nearest !== undefined && nearest.distance <= Math.max(3, name.length / 3);
    const hint = isNear ? ` Did you mean ${nearest.id}?` : "";
    output.complain(
      `There is no model "${name}".${hint} \`hearth models\` lists what there is; a model uri or the path of a file works too.`,
    );
  }
  return entry;
}

/** People leave the end of a name out more often than they misspell it. */
function distanceTo(id: string, written: string): number {
  const whole = editDistance(written, id);
  return written.length < 4 ? whole : Math.min(whole, editDistance(written, id.slice(0, written.length)) + 1);
}
