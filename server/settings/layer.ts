// One layer of settings: what one place says, what of it may count there, and what is wrong with it.
import { editDistance, isRecord } from "../kernel/index.ts";
import { rowOf, settingKeys } from "./table.ts";
import type { Scope, SettingKey } from "./table.ts";
import type { SettingValue } from "./settings.ts";
import type { Check } from "./validate.ts";

/** In order of increasing weight. */
export type LayerName = "default" | "user" | "workspace" | "environment" | "editor";

export interface Layer {
  readonly name: LayerName;
  /** For people: a file, `the environment`, `the settings of your editor`. */
  readonly place: string;
  readonly values: ReadonlyMap<SettingKey, SettingValue>;
  /** One sentence each, naming the place and the setting. */
  readonly problems: readonly string[];
}

/** Which rows each layer may set. */
const allowedScopes: Readonly<Record<LayerName, readonly Scope[]>> = {
  default: ["machine", "client", "workspace"],
  user: ["machine", "client", "workspace"],
  environment: ["machine", "client", "workspace"],
  editor: ["client", "workspace"],
  workspace: ["workspace"],
};

const refusals: Readonly<Record<Scope, string>> = {
  machine: "is set for the whole machine, in your settings file or the environment",
  client: "cannot be set by a workspace, only by you",
  workspace: "",
};

export function emptyLayer(name: LayerName, place: string, problems: readonly string[] = []): Layer {
  return { name, place, values: new Map(), problems };
}

/** `raw` is nested or has dotted keys. A value that is wrong leaves the one that `previous` had. */
export function readLayer(
  raw: unknown,
  layer: { readonly name: LayerName; readonly place: string; readonly previous: Layer | undefined },
  check: Check,
): Layer {
  const { name, place, previous } = layer;
  if (raw === undefined || raw === null) return emptyLayer(name, place);
  if (!isRecord(raw)) {
    return {
      ...(previous ?? emptyLayer(name, place)),
      problems: [`${place}: the settings must be an object.`],
    };
  }
  const values = new Map<SettingKey, SettingValue>();
  const problems: string[] = [];
  for (const { key: written, value } of flatten(raw, "")) {
    const key = settingKeys.find((known) => known === written);
    if (key === undefined) {
      problems.push(`${place}: there is no setting ${written}${suggestion(written)}.`);
      continue;
    }
    const { scope } = rowOf(key);
    if (!allowedScopes[name].includes(scope)) {
      problems.push(`${place}: ${key} ${refusals[scope]}.`);
      continue;
    }
    const checked = check(key, value);
    if (checked.ok) {
      values.set(key, checked.value);
      continue;
    }
    problems.push(`${place}: ${key} must be ${checked.failure}, not ${shorten(value)}.`);
    if (previous?.values.has(key) === true) values.set(key, previous.values.get(key));
  }
  return { name, place, values, problems };
}

function* flatten(
  raw: Readonly<Record<string, unknown>>,
  prefix: string,
): Generator<{ readonly key: string; readonly value: unknown }> {
  for (const [name, value] of Object.entries(raw)) {
    const key = prefix === "" ? name : `${prefix}.${name}`;
    if (isRecord(value)) yield* flatten(value, key);
    else yield { key, value };
  }
}

function suggestion(written: string): string {
  const nearest = settingKeys
    .map((key) => ({ key, distance: editDistance(written.toLowerCase(), key.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  const isNear = nearest !== undefined && nearest.distance <= Math.max(2, written.length / 4);
  return isNear ? ` (did you mean ${nearest.key}?)` : "";
}

function shorten(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}
