// textDocument/diagnostic: findings for clients that pull; the others get them pushed, never both.
import type { DocumentDiagnosticReport } from "vscode-languageserver";
import { documentDiagnosticParams, parseWith, toDiagnostic } from "../../protocol/index.ts";
import { documentRequest } from "../route.ts";
import type { RequestRoute } from "../route.ts";

export const documentDiagnostic: RequestRoute = documentRequest({
  method: "textDocument/diagnostic",
  executionClass: "background",
  readiness: "parsed",
  deadlineMs: 10_000,
  supersedes: false,
  empty(_client, params) {
    const parsed = parseWith(documentDiagnosticParams, params);
    return nothingNew(parsed.ok ? parsed.value.previousResultId : undefined);
  },
  capability: (client) =>
    client.pullDiagnostics
      ? {
          diagnosticProvider: {
            identifier: "hearth",
            interFileDependencies: false,
            workspaceDiagnostics: false,
          },
        }
      : undefined,
  params: documentDiagnosticParams,
  async handle({ deps, client, settings, snapshot, latest, signal }, { previousResultId }) {
    if (!settings.diagnostics.enabled) return { kind: "full", items: [] };
    const found = await deps.diagnostics.findings(snapshot, signal);
    // Findings may belong to a newer text than the one the request saw: then their places are in that text.
    const current = found?.version === snapshot.version ? snapshot : latest();
    if (found === undefined || current?.version !== found.version) return nothingNew(previousResultId);
    if (found.resultId === previousResultId) return { kind: "unchanged", resultId: found.resultId };
    const items = found.findings.map((finding) =>
      toDiagnostic(finding, current.text, client.positionEncoding),
    );
    return { kind: "full", resultId: found.resultId, items };
  },
});

/** Nothing is known yet, which is not the same as "clean": what the client shows stays, where it shows something of ours. */
function nothingNew(previousResultId: string | undefined): DocumentDiagnosticReport {
  return previousResultId === undefined
    ? { kind: "full", items: [] }
    : { kind: "unchanged", resultId: previousResultId };
}
