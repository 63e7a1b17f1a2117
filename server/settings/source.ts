// What readers of settings hold: the current values, a sign when they change.
import type { Disposable } from "../kernel/index.ts";
import { onDispose } from "../kernel/index.ts";
import { assembleSettings } from "./settings.ts";
import type { Settings } from "./settings.ts";

export interface SettingsSource {
  current(): Settings;
  onChange(listener: (settings: Settings) => void): Disposable;
}

/** Defaults and nothing else. */
export function createDefaultSettings(): SettingsSource {
  const settings = assembleSettings(new Map());
  return { current: () => settings, onChange: () => onDispose(() => undefined) };
}
