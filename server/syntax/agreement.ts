// Findings of a grammar that cannot be believed alone: only what a second parser also complains about is said.
import { lineAt, lineEnd } from "../text/index.ts";
import type { Offset, Text } from "../text/index.ts";
import type { Problem } from "./second-opinion.ts";
import type { SyntaxFinding } from "./syntax-service.ts";

/** Two parsers notice the same mistake a little apart. */
const LINES_APART = 1;
/** These only say where the parser stopped; the second parser's sentence says more. */
const vagueCodes: ReadonlySet<string> = new Set(["unexpected-text", "unexpected-end"]);

/** What a second parser can vouch for: all that it sees, or only that brackets and strings are closed. */
type Competence = "everything" | "closing";

/** `findings` and `problems` are of the same text, both in order. */
export function confirmedFindings(
  text: Text,
  allFindings: readonly SyntaxFinding[],
  problems: readonly Problem[],
  competence: Competence,
): readonly SyntaxFinding[] {
  const [firstProblem] = problems;
  const findings =
    competence === "everything"
      ? allFindings
      : allFindings.filter(({ code }) => /^un(closed|opened)/.test(code));
  if (findings.length === 0 || firstProblem === undefined) return [];
  const confirmed: SyntaxFinding[] = [];
  for (const finding of findings) {
    const apart = vagueCodes.has(finding.code) ? 0 : LINES_APART;
    const near = problems.find((problem) =>
      [finding.span.start, finding.repair?.edit.start].some((at) => isNear(text, problem, at, apart)),
    );
    // A bracket that is never closed is noticed anywhere behind it, often at the end of the file.
    const isNoticed =
      finding.code === "unclosed-bracket" && problems.some(({ end }) => end >= finding.span.start);
    if (near === undefined && !isNoticed) continue;
    const message = near !== undefined && vagueCodes.has(finding.code) ? near.message : finding.message;
    confirmed.push({ ...finding, message });
  }
  // Both see a mistake, but not the same: the language's own parser is heard.
  return confirmed.length > 0 ? confirmed : [findingOf(text, firstProblem)];
}

function isNear(text: Text, problem: Problem, offset: Offset | undefined, linesApart: number): boolean {
  if (offset === undefined) return false;
  return Math.abs(lineAt(text, problem.start) - lineAt(text, offset)) <= linesApart;
}

function findingOf(text: Text, { start, end, message }: Problem): SyntaxFinding {
  const from = Math.max(0, Math.min(start, text.content.length - 1));
  const to = Math.max(from, Math.min(end, lineEnd(text, lineAt(text, from))));
  return { span: { start: from, end: to }, message, code: "unexpected-text", repair: undefined };
}

/** What findings a text has after an edit, when only the grammar is asked: those that the second parser did not confirm before do not count. */
export function withoutUnconfirmed(
  after: readonly SyntaxFinding[],
  before: readonly SyntaxFinding[],
  confirmed: readonly SyntaxFinding[],
): readonly SyntaxFinding[] {
  const doubted = before.filter((finding) => !confirmed.some((other) => other.span === finding.span));
  const left = doubted.map(({ code, message }) => `${code} ${message}`);
  return after.filter(({ code, message }) => {
    const index = left.indexOf(`${code} ${message}`);
    if (index !== -1) left.splice(index, 1);
    return index === -1;
  });
}
