// Foreign values against the table. The validator is loaded at the first value: without any, it costs neither time nor memory
// (zod 4.6 adds about 13 MB and 70 ms to a process, measured on Node 20).
import { fail, succeed } from "../kernel/index.ts";
import type { Result } from "../kernel/index.ts";
import type { ZodType } from "zod";
import { rowOf, settingKeys } from "./table.ts";
import type { SettingKey, SettingKind } from "./table.ts";
import type { SettingValue } from "./settings.ts";

/** The value, or what was expected instead. Null means "not set" for the rows that allow it. */
export type Check = (key: SettingKey, raw: unknown) => Result<SettingValue, string>;

export async function loadCheck(): Promise<Check> {
  const { z } = await import("zod");
  const schemaOf = (kind: SettingKind): ZodType => {
    switch (kind.type) {
      case "switch":
        return z.boolean();
      case "count":
        return z.number().int().min(kind.min).max(kind.max);
      case "fraction":
        return z.number().min(0).max(1);
      case "choice":
        return z.enum(kind.of);
      case "text":
        return z.string().min(1).max(4096);
    }
  };
  const schemas = new Map(settingKeys.map((key) => [key, schemaOf(rowOf(key).kind)]));
  return (key, raw) => {
    const row = rowOf(key);
    if (raw === null && row.default === null) return succeed(undefined);
    const parsed = schemas.get(key)?.safeParse(raw);
    if (parsed?.success !== true) return fail(describeKind(row.kind));
    return succeed(parsed.data as SettingValue);
  };
}

/** What is expected, for messages and for the settings page. */
export function describeKind(kind: SettingKind): string {
  switch (kind.type) {
    case "switch":
      return "true or false";
    case "count":
      return `a whole number from ${kind.min} to ${kind.max} (${kind.unit})`;
    case "fraction":
      return "a number from 0 to 1";
    case "choice":
      return `one of ${kind.of.map((choice) => JSON.stringify(choice)).join(", ")}`;
    case "text":
      return "a text";
  }
}

/** The environment knows only text: a value as the table wants it, or the text itself, which the check will refuse. */
export function coerceText(kind: SettingKind, text: string): unknown {
  switch (kind.type) {
    case "switch":
      if (/^(1|true|yes|on)$/i.test(text)) return true;
      return /^(0|false|no|off)$/i.test(text) ? false : text;
    case "count":
    case "fraction":
      return text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text);
    case "choice":
    case "text":
      return text;
  }
}
