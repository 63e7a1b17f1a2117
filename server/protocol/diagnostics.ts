// Findings as LSP diagnostics. Only fields that every client knows.
import type { Diagnostic } from "vscode-languageserver";
import type { Finding } from "../features/index.ts";
import type { PositionEncoding, Text } from "../text/index.ts";
import { toRange } from "./ranges.ts";

export function toDiagnostic(finding: Finding, text: Text, encoding: PositionEncoding): Diagnostic {
  return {
    range: toRange(text, finding.span, encoding),
    severity: severities[finding.severity],
    code: finding.code,
    source: finding.source,
    message: finding.message,
  };
}

const severities = { error: 1, warning: 2, information: 3, hint: 4 } as const;
