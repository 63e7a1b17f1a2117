// Client profiles: capabilities as real clients sent them, and three made up ones at the ends of the scale.
import { readFileSync, readdirSync } from "node:fs";
import { isOn } from "./json.ts";

export interface Profile {
  readonly name: string;
  readonly clientInfo: { readonly name: string; readonly version?: string };
  readonly capabilities: Readonly<Record<string, unknown>>;
}

function load(folder: string): readonly Profile[] {
  const place = new URL(`./data/${folder}/`, import.meta.url);
  return readdirSync(place)
    .filter((file) => file.endsWith(".json"))
    .sort()
    .map((file) => {
      const parsed = JSON.parse(readFileSync(new URL(file, place), "utf8")) as Omit<Profile, "name">;
      return {
        name: file.slice(0, -".json".length),
        clientInfo: parsed.clientInfo ?? { name: file },
        capabilities: parsed.capabilities,
      };
    });
}

/** Nine recorded clients, then `empty` (declares nothing), `old` (as of LSP 3.15) and `vscode-like` (declares nearly all). */
export const profiles: readonly Profile[] = [...load("clients"), ...load("profiles")];

/** The profile whose name starts with `start`. */
export function profile(start: string): Profile {
  const found = profiles.find((entry) => entry.name.startsWith(start));
  if (found === undefined) throw new Error(`there is no client profile ${start}`);
  return found;
}

export function pullsDiagnostics(of: Profile): boolean {
  return isOn(of.capabilities, "textDocument.diagnostic");
}

/** The same client with some capabilities changed: a patch as deep as it needs to be; undefined removes. */
export function withCapabilities(of: Profile, patch: Readonly<Record<string, unknown>>): Profile {
  return { ...of, capabilities: merge(of.capabilities, patch) };
}

function merge(
  base: Readonly<Record<string, unknown>>,
  patch: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    const before = result[key];
    const isBranch = typeof value === "object" && value !== null && !Array.isArray(value);
    result[key] = isBranch
      ? merge(
          typeof before === "object" && before !== null ? (before as Readonly<Record<string, unknown>>) : {},
          value as Readonly<Record<string, unknown>>,
        )
      : value;
  }
  return result;
}
