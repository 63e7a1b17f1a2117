// settings/: what can be set, where a value came from, and what is wrong with it.
export { createDefaultSettings } from "./source.ts";
export type { SettingsSource } from "./source.ts";
export type { Settings } from "./settings.ts";
