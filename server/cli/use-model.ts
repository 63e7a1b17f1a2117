// `hearth models use`: writes the choice into the user's settings file and leaves the rest of it as it is.
import { dirname } from "node:path";
import { tasksOf, whyNotOffered } from "../inference/index.ts";
import type { CatalogueEntry } from "../inference/index.ts";
import { describeError } from "../kernel/index.ts";
import type { Files } from "../platform/index.ts";
import { setInText } from "../settings/index.ts";
import type { SettingKey, Settings } from "../settings/index.ts";
import { resolveEntry } from "./models.ts";
import type { ModelsDeps } from "./models.ts";

export interface UserSettings {
  readonly files: Files;
  /** The user's settings file. */
  readonly file: string;
  /** What counts in the end: the file, and the environment above it. */
  readonly model: () => Promise<Settings["model"]>;
}

const MAX_FILE_BYTES = 1_000_000;

/** The exit code: 0 set, 1 not written, 2 not understood. */
export async function useModel(
  deps: ModelsDeps & { readonly settings: UserSettings },
  options: { readonly name: string },
): Promise<number> {
  const { output, supplier } = deps;
  const { name } = options;
  if (name === "auto" || name === "none") return writeChoice(deps, { id: name }, `The model is ${name} now.`);
  const entry = resolveEntry(deps, name);
  if (entry === undefined) return 2;
  const isListed = supplier.catalogue.includes(entry);
  const refusal = whyNotOffered(entry);
  if (!tasksOf(entry).includes("completion")) {
    output.complain(`${entry.name} is ${refusal ?? "not made for completion"}: choose another model.`);
    return 2;
  }
  if (refusal !== undefined) output.complain(`${entry.name}: ${refusal}.`);
  const choice = isListed ? { id: entry.id } : name.includes(":") ? { uri: name } : { path: name };
  const exitCode = await writeChoice(deps, choice, `${entry.name} is the model now.`);
  if (exitCode === 0 && (await supplier.locate(entry)) === undefined) {
    output.line(`It is not here yet: the daemon fetches it, or \`hearth models pull ${name}\` does it now.`);
  }
  return exitCode;
}

/** True when the setting says so afterwards; also the reason to people when not. */
export async function setModel(
  deps: Pick<ModelsDeps, "output"> & { readonly settings: UserSettings },
  entry: CatalogueEntry,
): Promise<boolean> {
  return (await writeChoice(deps, { id: entry.id }, `${entry.name} is the model now.`)) === 0;
}

async function writeChoice(
  { output, settings }: Pick<ModelsDeps, "output"> & { readonly settings: UserSettings },
  choice: { readonly id?: string; readonly uri?: string; readonly path?: string },
  done: string,
): Promise<number> {
  const { files, file } = settings;
  try {
    let text = (await files.readText(file, MAX_FILE_BYTES)) ?? "";
    const before = await settings.model();
    // A path counts before a uri, and both before an id: what is not chosen is taken back.
    const wanted: [SettingKey, string | null][] = [];
    if (choice.id !== undefined) wanted.push(["model.id", choice.id]);
    if (choice.uri !== undefined || before.uri !== undefined) wanted.push(["model.uri", choice.uri ?? null]);
    if (choice.path !== undefined || before.path !== undefined)
      wanted.push(["model.path", choice.path ?? null]);
    for (const [key, value] of wanted) {
      const changed = setInText(text, key, value);
      if (!changed.ok) {
        output.complain(`${file} is not changed: ${changed.failure}.`);
        return 1;
      }
      text = changed.value;
    }
    await files.makeFolder(dirname(file));
    await files.writeText(file, text);
  } catch (error) {
    output.complain(`${file} is not changed: ${describeError(error)}. Check its owner and permissions.`);
    return 1;
  }
  const after = await settings.model();
  const counts = after.path ?? after.uri ?? after.id;
  if (counts !== (choice.path ?? choice.uri ?? choice.id)) {
    output.complain(`${file} is written, but a variable of the environment (HEARTH_MODEL_…) says ${counts}.`);
    return 1;
  }
  output.line(`${done} (${file})`);
  output.line("A running daemon takes it into use when it starts again: `hearth stop`.");
  return 0;
}
