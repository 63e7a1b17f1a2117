// Check 16: the server names open documents byte for byte as the client did.
import { isObject } from "../../json.ts";
import type { Check } from "../check.ts";
import { contentOf } from "../check.ts";

export const urisCheck: Check = {
  number: 16,
  name: "uris",
  open: (session, report) => ({
    inspect(traffic) {
      const content = contentOf(traffic);
      if (content === undefined) return;
      const spelled = new Map<string, string>();
      const exact = new Set<string>();
      for (const document of session.openDocuments()) {
        exact.add(document.uri);
        spelled.set(normalise(document.uri), document.uri);
      }
      for (const uri of urisIn(content.value)) {
        const own = spelled.get(normalise(uri));
        if (own !== undefined && !exact.has(uri))
          report(`${uri} is the client's ${own} in another spelling`, content.message);
      }
    },
  }),
};

/** Values under names that hold a document's URI, and the keys of maps from URIs. */
function* urisIn(value: unknown): Iterable<string> {
  if (Array.isArray(value)) {
    for (const entry of value) yield* urisIn(entry);
    return;
  }
  if (!isObject(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === "data" || key === "arguments") continue;
    if (typeof inner === "string" && /^(uri|targetUri|oldUri|newUri)$/.test(key)) yield inner;
    if (key === "changes" || key === "relatedDocuments") {
      if (isObject(inner)) yield* Object.keys(inner);
    }
    yield* urisIn(inner);
  }
}

function normalise(uri: string): string {
  let decoded = uri;
  try {
    decoded = decodeURIComponent(uri);
  } catch {
    // A stray percent sign: the spelling itself is the key.
    decoded = uri;
  }
  return decoded.replace(
    /^file:\/\/\/([A-Za-z]):/,
    (_all, drive: string) => `file:///${drive.toLowerCase()}:`,
  );
}
