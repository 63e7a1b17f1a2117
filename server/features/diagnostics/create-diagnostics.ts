// Syntax findings of one document, with a stamp that tells when they have not changed.
import { createHash } from "node:crypto";
import type { DocumentSnapshot } from "../../workspace/index.ts";
import { findingOfSyntax } from "../finding.ts";
import type { Finding } from "../finding.ts";
import type { DiagnosticsFeature, FindingSet } from "./diagnostics.ts";

export function createDiagnostics(): DiagnosticsFeature {
  return {
    async findings(snapshot, signal) {
      const judged = await snapshot.syntax.whenJudged(signal);
      if (signal.aborted) return undefined;
      // No grammar, a failed one or an oversize text: nothing is known, so nothing is said.
      if (judged === undefined) return toFindingSet(snapshot, []);
      // The text was replaced while it was waited for: its findings are nobody's any more.
      if (judged.text !== snapshot.text) return undefined;
      return toFindingSet(snapshot, judged.findings().map(findingOfSyntax));
    },
  };
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
