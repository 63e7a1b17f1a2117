// A finding in our own terms; shared by the features that make findings and those that mend them.
import type { SyntaxFinding } from "../syntax/index.ts";
import type { Span } from "../text/index.ts";

export interface Finding {
  readonly span: Span;
  readonly severity: "error" | "warning" | "information" | "hint";
  readonly code: string;
  /** Who says so: `hearth` for what hearth itself found. */
  readonly source: string;
  readonly message: string;
}

/** Whatever the parser cannot make sense of is an error. */
export function findingOfSyntax({ span, code, message }: SyntaxFinding): Finding {
  return { span, severity: "error", code, source: "hearth", message };
}
