// Every range and position in a server's message, with the document that it speaks of.
import { at, isObject, numberAt, textAt } from "../json.ts";
import type { Content } from "./check.ts";
import type { Position } from "../../../server/text/index.ts";

export interface Place {
  readonly uri: string;
  /** The version that the message states for the place's text, when it does. */
  readonly version: number | undefined;
  readonly start: Position;
  readonly end: Position;
}

/** Fields with content that is not the server's to vouch for: echoes of the client and opaque values. */
const OPAQUE = new Set(["data", "experimental", "arguments", "registerOptions"]);

export function placesIn(content: Content): readonly Place[] {
  const places: Place[] = [];
  const visit = (value: unknown, uri: string | undefined, version: number | undefined): void => {
    if (Array.isArray(value)) {
      for (const entry of value) visit(entry, uri, version);
      return;
    }
    if (!isObject(value)) return;
    if (isPosition(value)) {
      if (uri !== undefined) places.push({ uri, version, start: value, end: value });
      return;
    }
    const { start, end } = value;
    if (isPosition(start) && isPosition(end)) {
      if (uri !== undefined) places.push({ uri, version, start, end });
      return;
    }
    const named = textAt(value, "textDocument.uri") ?? textAt(value, "uri") ?? uri;
    const stated = numberAt(value, "textDocument.version") ?? version;
    for (const [key, inner] of Object.entries(value)) {
      if (OPAQUE.has(key) || (key === "diagnostics" && content.method.toLowerCase().includes("codeaction")))
        continue;
      if (key === "changes" || key === "relatedDocuments") {
        for (const [of, edits] of Object.entries(isObject(inner) ? inner : {})) visit(edits, of, undefined);
      } else if (key === "targetRange" || key === "targetSelectionRange") {
        visit(inner, textAt(value, "targetUri"), undefined);
      } else if (key === "fromRanges") {
        visit(inner, textAt(value, "from.uri"), undefined);
      } else visit(inner, named, stated);
    }
  };
  const own = textAt(content.params, "textDocument.uri");
  visit(content.value, own, numberAt(content.value, "version"));
  return places;
}

export function isPosition(value: unknown): value is Position {
  return (
    typeof at(value, "line") === "number" &&
    typeof at(value, "character") === "number" &&
    Object.keys(value as object).length === 2
  );
}

export function comparePositions(a: Position, b: Position): number {
  return a.line - b.line || a.character - b.character;
}
