// Quick fixes for syntax findings: several places are tried, and only what mends the text and harms nothing is offered.
import type { Clock } from "../../platform/index.ts";
import type { SyntaxFinding, SyntaxSnapshot } from "../../syntax/index.ts";
import type { Span, TextEdit } from "../../text/index.ts";
import type { DocumentSnapshot } from "../../workspace/index.ts";
import { findingOfSyntax } from "../finding.ts";
import type { ActionsFeature, VerifiedAction } from "./actions.ts";
import { candidateEdits } from "./candidate-edits.ts";
import type { CandidateEdit } from "./candidate-edits.ts";
import { mendsWithoutHarm } from "./effect.ts";

/** For all findings of one request: editors ask on every move of the cursor. */
const BUDGET_MS = 40;
const MAX_ACTIONS_PER_FINDING = 2;
const MAX_FINDINGS = 8;

export function createActions({ clock }: { readonly clock: Clock }): ActionsFeature {
  return {
    async actions(snapshot, span, signal) {
      const parsed = snapshot.syntax.current();
      if (parsed?.text !== snapshot.text) return [];
      const endMs = clock.nowMs() + BUDGET_MS;
      const remainingMs = (): number => endMs - clock.nowMs();
      const touched = parsed.findings().filter((finding) => touches(finding.span, span));
      const actions: VerifiedAction[] = [];
      for (const finding of touched.slice(0, MAX_FINDINGS)) {
        if (signal.aborted || remainingMs() <= 0) break;
        const verified = verifiedEdits(parsed, finding, snapshot, remainingMs);
        // One edit often mends several findings; it is offered for the first of them.
        const fresh = verified.filter(({ edit }) => !actions.some(({ edits }) => isSameEdit(edits[0], edit)));
        actions.push(...fresh.map((candidate, at) => toAction(candidate, finding, snapshot, at === 0)));
        // Another request may be waiting for this turn of the event loop.
        await clock.yieldTurn();
        // Trees do not outlive their text: what was found so far is still right for this version.
        if (snapshot.syntax.current() !== parsed) break;
      }
      return signal.aborted ? [] : actions;
    },
  };
}

/** Best first: fewest errors left, then the order in which places are tried. */
function verifiedEdits(
  parsed: SyntaxSnapshot,
  finding: SyntaxFinding,
  snapshot: DocumentSnapshot,
  remainingMs: () => number,
): readonly CandidateEdit[] {
  const before = parsed.findings();
  const errorsBefore = parsed.errorCount();
  const verified: { readonly candidate: CandidateEdit; readonly errors: number }[] = [];
  for (const candidate of candidateEdits(snapshot.text, finding, parsed.language)) {
    if (verified.length >= MAX_ACTIONS_PER_FINDING || remainingMs() <= 0) break;
    const errors = parsed.errorCountAfter(candidate.edit, remainingMs());
    if (errors === undefined || errors > errorsBefore) continue;
    const after = parsed.findingsAfter(candidate.edit, remainingMs());
    if (after === undefined || !mendsWithoutHarm(finding, before, after, candidate.edit)) continue;
    verified.push({ candidate, errors });
    // The parser's own repair leaves nothing to choose.
    if (candidate.edit === finding.repair?.edit) break;
  }
  return verified.sort((a, b) => a.errors - b.errors).map(({ candidate }) => candidate);
}

function toAction(
  { title, edit }: CandidateEdit,
  finding: SyntaxFinding,
  snapshot: DocumentSnapshot,
  isPreferred: boolean,
): VerifiedAction {
  return {
    title,
    kind: "quickfix",
    edits: [edit],
    fixes: findingOfSyntax(finding),
    isPreferred,
    version: snapshot.version,
  };
}

function isSameEdit(a: TextEdit | undefined, b: TextEdit): boolean {
  return a?.start === b.start && a.end === b.end && a.newText === b.newText;
}

function touches(a: Span, b: Span): boolean {
  return a.start <= b.end && b.start <= a.end;
}
