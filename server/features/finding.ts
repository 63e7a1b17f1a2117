// A finding in our own terms; shared by the features that make findings and those that mend them.
import type { Span } from "../text/index.ts";

export interface Finding {
  readonly span: Span;
  readonly severity: "error" | "warning" | "information" | "hint";
  readonly code: string;
  /** Who says so: `hearth syntax`. */
  readonly source: string;
  readonly message: string;
}
