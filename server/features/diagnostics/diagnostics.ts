// Findings of one document in our own terms; the border turns them into LSP diagnostics.
import type { DocumentSnapshot } from "../../workspace/index.ts";
import type { Finding } from "../finding.ts";

export interface FindingSet {
  readonly version: number;
  readonly findings: readonly Finding[];
  /** Hash of everything the findings depend on: equal hashes mean equal findings. Stable across restarts. */
  readonly resultId: string;
}

export interface DiagnosticsFeature {
  /** Waits until the document is parsed; undefined when `signal` fired or the text was replaced meanwhile. */
  findings(snapshot: DocumentSnapshot, signal: AbortSignal): Promise<FindingSet | undefined>;
}
