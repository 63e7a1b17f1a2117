// The settings of the machine: defaults, the user's file, the environment. Read at start and again on request.
import { createEmitter, describeError } from "../kernel/index.ts";
import type { Disposable } from "../kernel/index.ts";
import { emptyLayer, readLayer } from "./layer.ts";
import type { Layer } from "./layer.ts";
import { mergeLayers } from "./merge.ts";
import type { Origins } from "./merge.ts";
import { parseRelaxedJson } from "./relaxed-json.ts";
import { rowOf, settingKeys } from "./table.ts";
import type { SettingKey } from "./table.ts";
import type { Settings } from "./settings.ts";
import { coerceText, loadCheck } from "./validate.ts";

export interface SettingsFiles {
  /** The whole text, or undefined when the file is not there; throws when it cannot be read or is larger than `maxBytes`. */
  readText(path: string, maxBytes: number): Promise<string | undefined>;
}

export interface SettingsSource {
  current(): Settings;
  onChange(listener: (settings: Settings) => void): Disposable;
  /** Where each value came from. */
  origins(): Origins;
  /** Sentences about what was not taken. */
  problems(): readonly string[];
  /** Lower layers first; a session puts its own between and above them. */
  layers(): readonly Layer[];
}

export interface MachineSettings extends SettingsSource {
  /** Reads the user's file again. */
  reload(): Promise<void>;
}

export interface MachineSettingsDeps {
  readonly files: SettingsFiles;
  /** `settings.json` in the folder for configuration. */
  readonly userFile: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Settings files are short; a larger one is a mistake. */
const MAX_FILE_BYTES = 1_000_000;

export async function openMachineSettings(deps: MachineSettingsDeps): Promise<MachineSettings> {
  const changes = createEmitter<Settings>();
  let user: Layer = emptyLayer("user", deps.userFile);
  const environment = await readEnvironment(deps.environment);
  let merged = mergeLayers([user, environment]);

  const reload = async (): Promise<void> => {
    user = await readSettingsFile(deps.files, deps.userFile, "user", user);
    const before = JSON.stringify(merged.settings);
    merged = mergeLayers([user, environment]);
    if (JSON.stringify(merged.settings) !== before) changes.emit(merged.settings);
  };
  await reload();

  return {
    reload,
    current: () => merged.settings,
    onChange: (listener) => changes.on(listener),
    origins: () => merged.origins,
    problems: () => [...user.problems, ...environment.problems],
    layers: () => [user, environment],
  };
}

/** Defaults and nothing else. */
export function createDefaultSettings(): SettingsSource {
  const { settings, origins } = mergeLayers([]);
  return {
    current: () => settings,
    onChange: () => ({ dispose: () => undefined }),
    origins: () => origins,
    problems: () => [],
    layers: () => [],
  };
}

/** A file that cannot be read or parsed leaves what `previous` said. */
export async function readSettingsFile(
  files: SettingsFiles,
  path: string,
  name: "user" | "workspace",
  previous: Layer | undefined,
): Promise<Layer> {
  const keep = (problem: string): Layer => ({
    ...(previous ?? emptyLayer(name, path)),
    problems: [problem],
  });
  let text: string | undefined;
  try {
    text = await files.readText(path, MAX_FILE_BYTES);
  } catch (error) {
    return keep(`${path}: the settings file could not be read: ${describeError(error)}.`);
  }
  if (text === undefined) return emptyLayer(name, path);
  const parsed = parseRelaxedJson(text);
  if (!parsed.ok) return keep(`${path}: the settings file is not valid JSON: ${parsed.failure}.`);
  return readLayer(parsed.value, { name, place: path, previous }, await loadCheck());
}

/** `completion.maxItems` is `HEARTH_COMPLETION_MAX_ITEMS`. */
export function variableOf(key: SettingKey): string {
  return `HEARTH_${key
    .replace(/[A-Z]/g, (letter) => `_${letter}`)
    .replaceAll(".", "_")
    .toUpperCase()}`;
}

async function readEnvironment(environment: MachineSettingsDeps["environment"]): Promise<Layer> {
  const raw: Record<string, unknown> = {};
  for (const key of settingKeys) {
    const text = environment[variableOf(key)];
    if (text !== undefined && text !== "") raw[key] = coerceText(rowOf(key).kind, text);
  }
  const place = "the environment";
  if (Object.keys(raw).length === 0) return emptyLayer("environment", place);
  return readLayer(raw, { name: "environment", place, previous: undefined }, await loadCheck());
}
