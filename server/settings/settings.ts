// The settings as the rest of hearth reads them: nested, complete, typed after the table.
import { rowOf, settingKeys } from "./table.ts";
import type { SettingKey, SettingRow, settingsTable } from "./table.ts";

type Table = typeof settingsTable;

type ValueOf<Row extends SettingRow> =
  | (Row["default"] extends null ? undefined : never)
  | (Row["kind"] extends { readonly type: "switch" }
      ? boolean
      : Row["kind"] extends { readonly type: "count" | "fraction" }
        ? number
        : Row["kind"] extends { readonly type: "choice"; readonly of: readonly (infer Choice)[] }
          ? Choice
          : string);

type Sections = {
  [Key in SettingKey]: Key extends `${infer Section}.${string}` ? Section : never;
}[SettingKey];

/** `settings.completion.maxItems` for the row `completion.maxItems`; `undefined` where a row's default is null. */
export type Settings = {
  readonly [Section in Sections]: {
    readonly [Key in SettingKey as Key extends `${Section}.${infer Name}` ? Name : never]: ValueOf<
      Table[Key]
    >;
  };
} & { readonly [Key in SettingKey as Key extends `${string}.${string}` ? never : Key]: ValueOf<Table[Key]> };

export type SettingValue = boolean | number | string | undefined;

/** Flat values (checked against the table) as the nested object; what is missing takes its default. */
export function assembleSettings(values: ReadonlyMap<SettingKey, SettingValue>): Settings {
  const assembled: Record<string, unknown> = {};
  for (const key of settingKeys) {
    const value = values.has(key) ? values.get(key) : (rowOf(key).default ?? undefined);
    const [section = key, name] = key.split(".");
    if (name === undefined) assembled[section] = value;
    else assembled[section] = { ...(assembled[section] as object | undefined), [name]: value };
  }
  // The table is the source of both this object and its type.
  return assembled as Settings;
}
