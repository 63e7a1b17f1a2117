// Layers on top of each other: the heavier one wins, and where each value came from stays known.
import type { Layer, LayerName } from "./layer.ts";
import { assembleSettings } from "./settings.ts";
import type { Settings, SettingValue } from "./settings.ts";
import { rowOf, settingKeys } from "./table.ts";
import type { SettingKey } from "./table.ts";

export interface Origin {
  readonly value: SettingValue;
  readonly layer: LayerName;
  /** For people: a file, `the environment`, `the settings of your editor`; empty for a default. */
  readonly place: string;
}

export type Origins = ReadonlyMap<SettingKey, Origin>;

const weights: Readonly<Record<LayerName, number>> = {
  default: 0,
  user: 1,
  workspace: 2,
  environment: 3,
  editor: 4,
};

export function mergeLayers(layers: readonly Layer[]): {
  readonly settings: Settings;
  readonly origins: Origins;
} {
  const origins = new Map<SettingKey, Origin>(
    settingKeys.map((key) => [key, { value: rowOf(key).default ?? undefined, layer: "default", place: "" }]),
  );
  for (const layer of [...layers].sort((a, b) => weights[a.name] - weights[b.name])) {
    for (const [key, value] of layer.values)
      origins.set(key, { value, layer: layer.name, place: layer.place });
  }
  const values = new Map([...origins].map(([key, origin]) => [key, origin.value]));
  return { settings: assembleSettings(values), origins };
}
