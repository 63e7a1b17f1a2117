// settings/: what can be set, where a value came from, and what is wrong with it. A wrong value never stops anything.
export { createDefaultSettings, openMachineSettings } from "./machine-settings.ts";
export type {
  MachineSettings,
  MachineSettingsDeps,
  SettingsFiles,
  SettingsSource,
} from "./machine-settings.ts";
export { createClientSettings, mentionsSettings } from "./client-settings.ts";
export type { ClientSettings, ClientSettingsDeps } from "./client-settings.ts";
export type { Origin, Origins } from "./merge.ts";
export { setInText } from "./set-in-text.ts";
export { renderSettingsPage } from "./page.ts";
export type { Settings, SettingValue } from "./settings.ts";
export type { SettingKey } from "./table.ts";
