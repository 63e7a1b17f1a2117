// Syntax findings of one document, with a stamp that tells when they have not changed.
import { createHash } from "node:crypto";
import type { SyntaxSnapshot } from "../../syntax/index.ts";
import type { DocumentSnapshot } from "../../workspace/index.ts";
import { findingOfSyntax } from "../finding.ts";
import type { Finding } from "../finding.ts";
import type { DiagnosticsFeature, FindingSet } from "./diagnostics.ts";

export function createDiagnostics(): DiagnosticsFeature {
  return {
    async findings(snapshot, signal) {
      const parsed = snapshot.syntax.current() ?? (await snapshot.syntax.whenParsed(signal));
      if (signal.aborted) return undefined;
      // No grammar, a failed one or an oversize text: nothing is known, so nothing is said.
      if (parsed === undefined) return toFindingSet(snapshot, []);
      const current = await parseOf(snapshot, parsed, signal);
      return current === undefined
        ? undefined
        : toFindingSet(snapshot, current.findings().map(findingOfSyntax));
    },
  };
}

/** The parse of this very text; undefined when the text was replaced while it was waited for. */
async function parseOf(
  snapshot: DocumentSnapshot,
  parsed: SyntaxSnapshot,
  signal: AbortSignal,
): Promise<SyntaxSnapshot | undefined> {
  if (parsed.text === snapshot.text) return parsed;
  const newest = await snapshot.syntax.whenParsed(signal);
  return !signal.aborted && newest?.text === snapshot.text ? newest : undefined;
}

/** The findings are part of the hash, so other rules or another grammar give another one. */
function toFindingSet(snapshot: DocumentSnapshot, findings: readonly Finding[]): FindingSet {
  const hash = createHash("sha256");
  hash.update(snapshot.language?.id ?? "");
  hash.update("\0");
  hash.update(snapshot.text.content);
  hash.update("\0");
  hash.update(JSON.stringify(findings));
  return { version: snapshot.version, findings, resultId: hash.digest("base64url").slice(0, 22) };
}
