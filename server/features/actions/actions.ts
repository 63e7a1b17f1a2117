// Code actions: only those whose effect was verified by reparsing the edited text.
import type { Span, TextEdit } from "../../text/index.ts";
import type { DocumentSnapshot } from "../../workspace/index.ts";
import type { Finding } from "../finding.ts";

export interface VerifiedAction {
  readonly title: string;
  readonly kind: "quickfix";
  readonly edits: readonly TextEdit[];
  /** The finding that is gone after the edit. */
  readonly fixes: Finding;
  /** Of several actions for one finding, the one to offer first. */
  readonly isPreferred: boolean;
  /** The version of the text that the edits were computed for. */
  readonly version: number;
}

export interface ActionsFeature {
  /** Actions for findings that touch `span`; reads what is parsed now and waits for nothing. */
  actions(snapshot: DocumentSnapshot, span: Span, signal: AbortSignal): Promise<readonly VerifiedAction[]>;
}
