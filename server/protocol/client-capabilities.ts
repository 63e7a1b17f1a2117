// A look at what a client declared, by path; anything odd in it counts as "cannot".
import { isRecord } from "../kernel/index.ts";

export interface ClientCapabilitiesView {
  readonly at: (path: string) => unknown;
  /** The value is `true`. */
  readonly isOn: (path: string) => boolean;
  /** The value is an object: the client knows the feature, whatever it says about it. */
  readonly isThere: (path: string) => boolean;
  /** The numbers in a list; empty when there is none. */
  readonly numbers: (path: string) => readonly number[];
  readonly strings: (path: string) => readonly string[];
}

export function viewCapabilities(capabilities: unknown): ClientCapabilitiesView {
  const at = (path: string): unknown => {
    let value = capabilities;
    for (const key of path.split(".")) {
      if (!isRecord(value)) return undefined;
      value = value[key];
    }
    return value;
  };
  const listAt = (path: string): readonly unknown[] => {
    const value = at(path);
    return Array.isArray(value) ? value : [];
  };
  return {
    at,
    isOn: (path) => at(path) === true,
    isThere: (path) => isRecord(at(path)),
    numbers: (path) => listAt(path).filter((value) => typeof value === "number"),
    strings: (path) => listAt(path).filter((value) => typeof value === "string"),
  };
}
