// The settings of one client: those of the machine, with what its workspace folders and its editor say.
import { createEmitter } from "../kernel/index.ts";
import { emptyLayer, readLayer } from "./layer.ts";
import type { Layer } from "./layer.ts";
import { readSettingsFile } from "./machine-settings.ts";
import type { SettingsFiles, SettingsSource } from "./machine-settings.ts";
import { mergeLayers } from "./merge.ts";
import { settingKeys } from "./table.ts";
import type { Settings } from "./settings.ts";
import { loadCheck } from "./validate.ts";

/** In a workspace folder; it is not trusted, so it may set only the rows with the scope `workspace`. */
export const WORKSPACE_FILE = ".hearth.json";

export interface ClientSettings extends SettingsSource {
  /** What the editor says now; `undefined` and null mean nothing. Several calls are applied in their order. */
  setEditor(raw: unknown): Promise<void>;
  /** Reads the files of these folders; of several, the first folder's values count. */
  setFolders(paths: readonly string[]): Promise<void>;
  dispose(): void;
}

export interface ClientSettingsDeps {
  readonly machine: SettingsSource;
  readonly files: SettingsFiles;
  /** Called once for each problem that was not there before. */
  readonly onProblem: (sentence: string) => void;
}

const EDITOR = "the settings of your editor";

export function createClientSettings(deps: ClientSettingsDeps): ClientSettings {
  const changes = createEmitter<Settings>();
  const told = new Set<string>();
  let editor = emptyLayer("editor", EDITOR);
  let folders: readonly Layer[] = [];
  let merged = mergeLayers(deps.machine.layers());
  /** Layers are read one after the other, so that the last word of the editor is the last one applied. */
  let queue: Promise<void> = Promise.resolve();

  const refresh = (): void => {
    const before = JSON.stringify(merged.settings);
    merged = mergeLayers([...deps.machine.layers(), ...[...folders].reverse(), editor]);
    for (const problem of [...editor.problems, ...folders.flatMap((layer) => layer.problems)]) {
      if (told.has(problem)) continue;
      told.add(problem);
      deps.onProblem(problem);
    }
    if (JSON.stringify(merged.settings) !== before) changes.emit(merged.settings);
  };
  const inOrder = (work: () => Promise<void>): Promise<void> => {
    queue = queue.then(work).then(refresh);
    return queue;
  };
  const machineChanges = deps.machine.onChange(refresh);

  return {
    current: () => merged.settings,
    onChange: (listener) => changes.on(listener),
    origins: () => merged.origins,
    problems: () => [
      ...deps.machine.problems(),
      ...folders.flatMap((layer) => layer.problems),
      ...editor.problems,
    ],
    layers: () => [...deps.machine.layers(), ...folders, editor],
    setEditor: (raw) =>
      inOrder(async () => {
        const section = ownSection(raw);
        editor = isNothing(section)
          ? emptyLayer("editor", EDITOR)
          : readLayer(section, { name: "editor", place: EDITOR, previous: editor }, await loadCheck());
      }),
    setFolders: (paths) =>
      inOrder(async () => {
        folders = await Promise.all(
          paths.map((folder) => {
            const path = `${folder.replace(/[/\\]+$/, "")}/${WORKSPACE_FILE}`;
            return readSettingsFile(
              deps.files,
              path,
              "workspace",
              folders.find((layer) => layer.place === path),
            );
          }),
        );
      }),
    dispose: () => machineChanges.dispose(),
  };
}

/** True when `raw` names a setting of ours: some clients push the settings of all servers to each of them. */
export function mentionsSettings(raw: unknown): boolean {
  if (typeof raw !== "object" || raw === null) return false;
  const names = new Set(settingKeys.flatMap((key) => [key, key.split(".")[0] ?? key]));
  return "hearth" in raw || Object.keys(raw).some((name) => names.has(name));
}

/** Editors send either the settings themselves or an object with one section per server. */
function ownSection(raw: unknown): unknown {
  if (typeof raw !== "object" || raw === null || !("hearth" in raw)) return raw;
  return raw.hearth;
}

function isNothing(raw: unknown): boolean {
  if (raw === undefined || raw === null) return true;
  return typeof raw === "object" && !Array.isArray(raw) && Object.keys(raw).length === 0;
}
