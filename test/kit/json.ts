// Reading JSON of unknown shape: the only vocabulary that the tap and the checks need to look into foreign messages.

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a dotted path such as `textDocument.completion.completionItem`, undefined where the path ends early. */
export function at(value: unknown, path: string): unknown {
  let current = value;
  for (const key of path.split(".")) {
    if (!isObject(current)) return undefined;
    current = current[key];
  }
  return current;
}

export function textAt(value: unknown, path: string): string | undefined {
  const found = at(value, path);
  return typeof found === "string" ? found : undefined;
}

export function numberAt(value: unknown, path: string): number | undefined {
  const found = at(value, path);
  return typeof found === "number" ? found : undefined;
}

export function listAt(value: unknown, path: string): readonly unknown[] {
  const found = at(value, path);
  return Array.isArray(found) ? found : [];
}

/** True when the value at the path is set to anything but false and null: how capabilities say yes. */
export function isOn(value: unknown, path: string): boolean {
  const found = at(value, path);
  return found !== undefined && found !== null && found !== false;
}

/** JSON for a report, cut to a readable length. */
export function brief(value: unknown, limit = 600): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "undefined");
  return text.length <= limit ? text : `${text.slice(0, limit)}… (${text.length} characters)`;
}
